"""A real browser in front of the sample study: one served application and one Chromium for each test process.

Where Chromium, its driver or axe-core are missing, these tests skip and say what to install; CI installs them.
"""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from database_factory import make_database
from http_server import served
from recording_factory import HZ, write_recording
from scripted_provider import scripted_provider
from scripted_rules import honest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from study_factory import Person, Turn, add_study

from app.chat import open_chat
from app.database import Database, make_engine
from app.models import Interview, Recording
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings
from browser.browsing import Browser, start_chromium

AXE_VERSION = "4.14.1"
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / ".axe" / f"axe-{AXE_VERSION}.min.js"


@pytest.fixture(scope="session")
def site_services(nido: Services, server_url: str) -> Iterator[Services]:
    """The sample study in a database of the browser's own, with a scripted chat model that answers honestly."""
    nido.database.engine.dispose()
    url = make_database(nido.database.engine.url.render_as_string(hide_password=False), "site_test")
    engine = make_engine(url, Settings())
    database = Database(engine, sessionmaker(engine, expire_on_commit=False))
    with scripted_provider(honest) as provider:
        settings = Settings(
            chat_model="openai:scripted", chat_base_url=provider.url, data_dir=nido.settings.data_dir, judge=None
        )
        with open_chat(settings, database) as chat:
            yield replace(nido, settings=settings, database=database, chat=chat, prompts=load_prompts())
    engine.dispose()


@pytest.fixture(scope="session")
def recorded(site_services: Services) -> str:
    """A participant whose interview has a recording: of silence, as long as what was said."""
    sound = write_recording(np.zeros(20 * 60 * HZ, np.int16), "ogg")
    kept = site_services.blobs.put(io.BytesIO(sound), len(sound))
    with site_services.database.sessions.begin() as session:
        interview = session.scalars(select(Interview).where(Interview.code == "I04")).one()
        session.add(
            Recording(
                study_id=interview.study_id,
                interview_id=interview.id,
                sha256=kept.sha256,
                name="P04.ogg",
                size_bytes=kept.size_bytes,
                media_type="audio/ogg",
                duration_ms=20 * 60 * 1000,
            )
        )
    return "P04"


@pytest.fixture(scope="session")
def hostile(site_services: Services) -> Services:
    """Beside the sample study, one whose every word would run, were it not text."""
    evil = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
    turns = (Turn(f"Who lost money? {evil}", "en", speaker=evil), Turn(f"I lost all my money. {evil}", "en"))
    with site_services.database.sessions.begin() as session:
        add_study(
            session, site_services.embedder, "evil", (Person("P01", evil, "en", "careful", 10, "D", turns),), evil
        )
    return site_services


@pytest.fixture(scope="session")
def site(site_services: Services) -> Iterator[str]:
    """Where the application is reached."""
    with served(site_services) as url:
        yield url


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser of this test process."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            pytest.skip(f"NO BROWSER TESTS: {program} is missing; run: apt install chromium chromium-driver")
    with start_chromium(tmp_path_factory.mktemp("downloads")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser, site: str) -> Browser:
    """The browser at the site, as for a new reader: no cookies, English, light, 1280 pixels wide."""
    chromium.begin(site)
    return chromium


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched once from npm into a folder that git ignores."""
    if not AXE.exists():
        fetched = _fetch_axe(tmp_path_factory.mktemp("axe"))
        if fetched is None:
            pytest.skip(
                f"NO ACCESSIBILITY TESTS: axe-core is missing; run: npm pack axe-core@{AXE_VERSION}, with network"
            )
        AXE.parent.mkdir(exist_ok=True)
        fetched.replace(AXE)
    return AXE.read_text(encoding="utf-8")


def _fetch_axe(folder: Path) -> Path | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    command = [npm, "pack", f"axe-core@{AXE_VERSION}", "--pack-destination", str(folder)]
    if subprocess.run(command, cwd=folder, capture_output=True, timeout=60).returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(next(folder.glob("*.tgz")).read_bytes())) as package:
        source = package.extractfile("package/axe.min.js")
        assert source is not None
        script = folder / "axe.min.js"
        script.write_bytes(source.read())
    # Beside its later place, so that it can be put there at once.
    AXE.parent.mkdir(exist_ok=True)
    return Path(shutil.copy(script, AXE.parent / f"{folder.name}.part"))
