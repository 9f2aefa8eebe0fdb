"""What opening the services of a process sets up."""

from pathlib import Path

from pydantic import SecretStr
from threadpoolctl import threadpool_info, threadpool_limits

from app.services import open_services
from app.settings import Settings


def test_vectors_are_multiplied_on_one_thread(database_url: str, tmp_path: Path) -> None:
    """Further ones would wait by spinning, on processors that the database needs."""
    settings = Settings(database_url=SecretStr(database_url), data_dir=tmp_path)
    with threadpool_limits(limits=2, user_api="blas"), open_services(settings):
        of_numpy = [each for each in threadpool_info() if each["user_api"] == "blas" and "numpy" in each["filepath"]]
        assert [each["num_threads"] for each in of_numpy] == [1]
