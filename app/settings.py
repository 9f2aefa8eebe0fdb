"""Settings of the whole product, read once from `VERBATIM_*` environment variables."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import Fault, InvalidInputError

_SECRETS = Path("/run/secrets")


def _default_data_directory() -> Path:
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "verbatim"


class Settings(BaseSettings):
    """What can be set from outside: the environment variable `VERBATIM_<FIELD>`, or a mounted secret of that name."""

    model_config = SettingsConfigDict(
        env_prefix="VERBATIM_", frozen=True, extra="ignore", secrets_dir=_SECRETS if _SECRETS.is_dir() else None
    )

    database_url: SecretStr | None = Field(
        None, description="Postgres ≥ 16 with pgvector ≥ 0.8 to use instead of the embedded one"
    )
    data_dir: Path = Field(
        default_factory=_default_data_directory, description="Where the embedded database and the files live"
    )
    embedder: str = Field("bundled", description="`bundled`, or a sentence-transformers model id or path")
    embedder_revision: str | None = Field(None, description="Revision of the embedder on the model hub")
    recordings_url: str | None = Field(
        None,
        description="Where recordings are kept, `file:///…` or `s3://…`; unset, `recordings` in the data directory",
    )
    recording_limit_mb: int = Field(
        4_000, ge=1, le=100_000, description="Largest recording that is taken, in megabytes"
    )
    whisper_model: str | None = Field(
        None, description="Speech model: large-v3, large-v3-turbo, small, or the path of a CTranslate2 folder"
    )
    whisper_device: Literal["auto", "cpu", "cuda"] = Field("auto", description="What the speech model runs on")
    whisper_compute_type: str = Field("auto", description="Precision of the speech model, as CTranslate2 names it")
    host: str = Field("127.0.0.1", description="Address that `verbatim serve` listens on")
    port: int = Field(8321, ge=0, le=65535, description="Port that `verbatim serve` listens on")
    pool_size: int = Field(6, ge=1, le=64, description="Database connections of one process")
    pool_timeout_s: float = Field(2.0, gt=0, le=60, description="Longest wait for a database connection")
    exact_scan_rows: int = Field(
        10_000, ge=1, description="Up to this many passages in scope are searched exactly, above by the HNSW index"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged")
    log_format: Literal["console", "json"] = Field("console", description="Shape of the log lines on stderr")


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        InvalidInputError: a variable has a value that cannot be used; all of them are named.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = tuple(
            Fault(f"VERBATIM_{str(fault['loc'][0]).upper()}", fault["msg"], "correct or unset it")
            for fault in error.errors()
        )
        raise InvalidInputError("settings cannot be read", faults) from error
