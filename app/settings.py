"""Settings of the whole product, read once from `VERBATIM_*` environment variables."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import Fault, InvalidInputError

CHAT_JUDGE = "chat"
_SECRETS = Path("/run/secrets")
_LOGIN = re.compile(r"//[^/@\s]*@")


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
    read_database_url: SecretStr | None = Field(
        None, description="A replica of the database, which questions read instead; it may be a moment behind"
    )
    data_dir: Path = Field(
        default_factory=_default_data_directory, description="Where the embedded database and the files live"
    )
    privacy_key: SecretStr | None = Field(
        None,
        description="Key of sealed originals and of the ledger of erasures, 32 bytes in Base64; unset, the file "
        "`privacy.key` in the data directory",
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
    delivery_limit_mb: int = Field(
        20_000, ge=1, le=1_000_000, description="Most that comes in at once on the page Ingest, in megabytes"
    )
    recording_limit_hours: float = Field(6, gt=0, le=48, description="Longest recording that is transcribed")
    recording_limit_streams: int = Field(16, ge=1, le=1_000, description="Most streams in a recording")
    recording_memory_mb: int = Field(
        1_500,
        ge=300,
        description="Memory to decode a recording in, and to listen to it in beside the speech model, in megabytes",
    )
    whisper_model: str | None = Field(
        None, description="Speech model: large-v3, large-v3-turbo, small, or the path of a CTranslate2 folder"
    )
    whisper_device: Literal["auto", "cpu", "cuda"] = Field("auto", description="What the speech model runs on")
    whisper_compute_type: str = Field("auto", description="Precision of the speech model, as CTranslate2 names it")
    whisper_threads: int = Field(0, ge=0, le=256, description="Threads of the speech model; 0 is half of the cores")
    diarizer: Literal["none", "sherpa-onnx", "pyannote"] = Field(
        "none", description="What tells speakers apart in a recording of one channel"
    )
    diarizer_models: Path | None = Field(None, description="Folder of the diarizer's models")
    presidio_models: dict[str, str] = Field(
        {}, description="spaCy models by language, names or paths, with which Presidio finds more names"
    )
    chat_model: str | None = Field(
        None, description="Chat model, as `provider:model`; unset, answers are made of quotes alone"
    )
    chat_base_url: str | None = Field(
        None, description="Address of a server of one's own, such as `http://localhost:8000/v1` with `openai:…`"
    )
    chat_api_key: SecretStr | None = Field(
        None, description="Key of the chat model; unset, the variable that its provider names"
    )
    chat_timeout_s: float = Field(25.0, gt=0, le=30, description="Longest that one answer waits for the chat model")
    chat_tokens_per_answer: int = Field(80_000, ge=10_000, description="Most tokens of one answer, read and written")
    chat_tokens_per_day: int | None = Field(
        None, ge=10_000, description="Most tokens that one API key uses in a day (UTC); unset, without limit"
    )
    chat_input_price: float | None = Field(None, ge=0, description="Price of a million tokens that are read")
    chat_output_price: float | None = Field(None, ge=0, description="Price of a million tokens that are written")
    chat_cost_per_answer: float | None = Field(
        None, gt=0, description="Most that one answer may cost, by these prices; unset, without limit"
    )
    chat_cost_per_day: float | None = Field(
        None, gt=0, description="Most that one API key may cost in a day (UTC), by these prices; unset, without limit"
    )
    reranker: str | None = Field(
        None, description="Cross-encoder that orders what was found, by its id or path; unset, the ranks of the search"
    )
    judge: str | None = Field(
        None,
        description="Who checks whether quotes bear a claim out: `chat`, or the id or path of a cross-encoder for "
        "entailment; unset, the embedder",
    )
    chat_tracing: bool = Field(
        default=False, description="Let LangChain send prompts and replies to LangSmith, as its own variables say"
    )
    requests_per_minute: int = Field(600, ge=1, description="Requests of one API key in a minute, over all replicas")
    questions_per_minute: int = Field(60, ge=1, description="Questions of one API key in a minute, over all replicas")
    session_hours: float = Field(12, gt=0, le=24 * 90, description="How long somebody stays signed in on the pages")
    oidc_issuer: str | None = Field(
        None, pattern=r"^https?://\S+$", description="OpenID provider to sign in with on the pages, by its issuer"
    )
    oidc_client_id: str | None = Field(None, description="What the OpenID provider knows this service as")
    oidc_client_secret: SecretStr | None = Field(
        None, description="What this service proves that with; unset, PKCE alone"
    )
    oidc_claim: str = Field("groups", description="Claim of the identity that roles follow from")
    oidc_roles: dict[str, str] = Field(
        default={}, description='Roles by value of that claim: `{"ux": "researcher", "sales": "viewer@nido"}`'
    )
    host: str = Field("127.0.0.1", description="Address that `verbatim serve` listens on")
    port: int = Field(8321, ge=0, le=65535, description="Port that `verbatim serve` listens on")
    pool_size: int = Field(6, ge=1, le=64, description="Database connections of one process")
    pool_timeout_s: float = Field(2.0, gt=0, le=60, description="Longest wait for a database connection")
    exact_scan_rows: int = Field(
        10_000, ge=1, description="Up to this many passages in scope are searched exactly, above by the HNSW index"
    )
    telemetry: bool = Field(default=False, description="Send spans of requests as the variables of OpenTelemetry say")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged")
    log_format: Literal["console", "json"] = Field("console", description="Shape of the log lines on stderr")

    @field_validator("chat_model")
    @classmethod
    def _names_a_provider(cls, chat_model: str | None) -> str | None:
        if chat_model is not None and not re.fullmatch(r"[a-z_]+:\S+", chat_model):
            raise ValueError("write it as provider:model, such as openai:gpt-4.1-mini or ollama:qwen3:8b")
        return chat_model

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, roles: dict[str, str]) -> dict[str, str]:
        for role in roles.values():
            if not re.fullmatch(r"(viewer|researcher|admin)(@\S+)?", role):
                raise ValueError("write each role as viewer, researcher or admin, for one study as viewer@study")
        return roles

    @field_validator("oidc_client_id")
    @classmethod
    def _comes_with_an_issuer(cls, client_id: str | None, info: ValidationInfo) -> str | None:
        if (client_id is None) is not (info.data.get("oidc_issuer") is None):
            raise ValueError("VERBATIM_OIDC_ISSUER and VERBATIM_OIDC_CLIENT_ID are set together")
        return client_id

    @field_validator("chat_cost_per_answer", "chat_cost_per_day")
    @classmethod
    def _has_prices(cls, cost: float | None, info: ValidationInfo) -> float | None:
        if cost is not None and None in (info.data.get("chat_input_price"), info.data.get("chat_output_price")):
            raise ValueError("a limit of costs needs VERBATIM_CHAT_INPUT_PRICE and VERBATIM_CHAT_OUTPUT_PRICE")
        return cost


@dataclass(frozen=True)
class SettingInForce:
    """One setting: the variable that sets it, what it is for, its value as text, `None` where it has none.

    Of a secret, and of the login in an address, the value tells only that it is set.
    """

    variable: str
    about: str
    value: str | None
    is_default: bool


def in_force(settings: Settings) -> tuple[SettingInForce, ...]:
    """All settings, without their secrets."""
    return tuple(
        SettingInForce(
            f"VERBATIM_{name.upper()}",
            field.description or "",
            _LOGIN.sub("//…@", str(value)) if value is not None else None,
            name not in settings.model_fields_set,
        )
        for name, field in Settings.model_fields.items()
        for value in [getattr(settings, name)]
    )


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
