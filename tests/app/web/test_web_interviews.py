"""The pages of interviews without scripts: narrowed, read side by side, codes put and taken, and taken back."""

import re
import uuid
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html
from shop_study import ingest_shop
from sqlalchemy import select, update
from study_factory import MadeStudy, add_study

from app.library.schemas import UtteranceEntry
from app.main import create_app
from app.models import ApiKey, ApiKeyStudy, IngestRun, Interview, Study, Utterance
from app.privacy.keys import KeyRole, create_key
from app.services import Services
from app.vocabulary import Role
from app.web.lanes import pair_renditions
from ingest.pipeline import process_run
from ingest.speech.recordings import SpeechProcess

OWN = {"Origin": "http://127.0.0.1"}
EVIL = '<script>alert(1)</script> & "quoted"'
READER = "/interviews/I01?study=acme"

_SAID = (
    select(Study.slug, Interview.code, Utterance.id)
    .join(Interview, Interview.study_id == Study.id)
    .join(Utterance, Utterance.interview_id == Interview.id)
    .order_by(Study.slug, Interview.code)
)


def listed(client: TestClient, **parameters: str) -> list[str]:
    """The codes of the interviews of a page."""
    page = client.get("/interviews", params={"study": "acme", **parameters}).text
    return re.findall(r'class="interview-name"><a href="[^"]+">(\w+)<', page)


def correct(client: TestClient, path: str, **fields: str) -> str:
    """Post a correction; gives where it leads, without the anchor."""
    answer = client.post(f"/interviews/I01{path}?study=acme", data=fields, headers=OWN, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("#")[0]


def undo(client: TestClient, address: str) -> str:
    """Press the button that takes the last correction back."""
    form = re.search(r'<form class="undo" action="([^"]+)".*?</form>', client.get(address).text, re.DOTALL)
    assert form
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    answer = client.post(unescape(form[1]), data=fields, headers=OWN, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def codes_on(client: TestClient) -> list[str]:
    """The codes in the margin of the reader."""
    return re.findall(r'href="/quotes\?study=acme&amp;code=(\w+)"', client.get(READER).text)


def utterance(index: int, role: Role, language: str) -> UtteranceEntry:
    """An utterance of which only role and language matter."""
    unknown = ("participant", "speaker", "start_ms", "end_ms", "confidence")
    values = {"id": uuid.uuid4(), "text": "Sí.", "role_confidence": 1.0, "codes": (), **dict.fromkeys(unknown)}
    return UtteranceEntry.model_validate({**values, "index": index, "role": role, "language": language})


def test_interviews_are_narrowed(client: TestClient, study: MadeStudy) -> None:
    """By code or person, by segment, by language; what is empty narrows nothing."""
    assert listed(client, words="", segment="", language="") == ["I01", "I02", "I03"]
    assert listed(client, words="p02") == ["I02"]
    assert listed(client, segment="careful", language="de") == ["I01"]
    assert "No interview fits" in client.get("/interviews?study=acme&words=zzz").text


def test_interviews_are_narrowed_before_they_are_paged(client: TestClient, study: MadeStudy) -> None:
    """What fits is found however far behind it stands; `%` is no sign for anything."""
    page = client.get("/interviews?study=acme&limit=1&words=P03").text
    assert "/interviews/I03?" in page
    assert 'rel="next"' not in page
    assert listed(client, limit="1", language="es") == ["I02"]
    assert listed(client, words="%") == []


def test_words_are_put_right_and_taken_back(client: TestClient, services: Services, tmp_path: Path) -> None:
    """The form holds the words; until a worker is through, the page says that the correction is in work."""
    ingest_shop(services, tmp_path)
    reader = "/interviews/I01?study=shop"
    utterance = re.findall(r'id="u-([^"]+)" class="utterance participant"', client.get(reader).text)[0]
    form = html.document_fromstring(client.get(f"{reader}&edit={utterance}").text)
    (before,) = form.xpath("//textarea[@name='text']/text()")
    assert not form.xpath("//main//p[@class='notice']")
    fields = {"utterance": utterance, "text": f"{before} {EVIL}"}
    answer = client.post("/interviews/I01/words?study=shop", data=fields, headers=OWN)
    assert "Corrections are being processed" in answer.text
    with services.database.sessions() as session:
        (run,) = session.scalars(select(IngestRun.id).where(IngestRun.status == "queued"))
    process_run(run, "I01", services, SpeechProcess())
    corrected = client.get(reader).text
    assert f"{before} {EVIL}" in unescape(corrected)
    assert "<script>alert" not in corrected
    undo(client, str(answer.url))
    with services.database.sessions() as session:
        (run,) = session.scalars(select(IngestRun.id).where(IngestRun.status == "queued"))
    process_run(run, "I01", services, SpeechProcess())
    assert f'id="u-{utterance}"' in client.get(reader).text
    assert client.post("/interviews/I01/words?study=shop", data=fields | {"text": " "}, headers=OWN).status_code == 422


@pytest.mark.parametrize(
    ("path", "more"),
    [("voice", {"role": "other"}), ("words", {"text": "x"}), ("words/restore", {}), ("codes", {"tag": "AX1"})],
)
def test_a_page_corrects_its_own_interview_alone(
    client: TestClient, services: Services, study: MadeStudy, path: str, more: dict[str, str]
) -> None:
    """Neither another one nor one of another study is changed under its name, which the audit holds."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        said = session.execute(_SAID).all()
    foreign = [str(id_) for slug, code, id_ in said if (slug, code) != ("acme", "I01")]
    for utterance in (foreign[0], foreign[-1]):
        fields = {"utterance": utterance, **more}
        assert client.post(f"/interviews/I01/{path}?study=acme", data=fields, headers=OWN).status_code == 404


def test_corrections_are_offered_where_the_reader_may_make_them(services: Services, study: MadeStudy) -> None:
    """Not to a viewer of this study who is a researcher in another one."""
    with services.database.sessions.begin() as session:
        other = add_study(session, services.embedder, "rival")
        key = create_key(session, "somebody", KeyRole.VIEWER)
        session.add(
            ApiKeyStudy(key_id=session.scalars(select(ApiKey.id)).one(), study_id=other.study_id, role="researcher")
        )
    with TestClient(create_app(services, require_keys=True)) as client:
        for slug, offered in (("acme", False), ("rival", True)):
            page = client.get(f"/interviews/I01?study={slug}", auth=("x", key)).text
            assert ('class="correct"' in page) is offered


def test_renditions_stand_beside_what_they_render() -> None:
    """Only what follows at once, in another language; a second language of the interpreter stands alone."""
    said = utterance(0, Role.PARTICIPANT, "es")
    rendered = utterance(1, Role.INTERPRETER, "en")
    same = utterance(2, Role.INTERPRETER, "es")
    asked = utterance(3, Role.INTERVIEWER, "en")
    turns = pair_renditions((said, rendered, same, asked))
    assert [(turn.said.index, tuple(each.index for each in turn.renditions)) for turn in turns] == [
        (0, (1,)),
        (2, ()),
        (3, ()),
    ]


def test_a_code_is_put_taken_and_had_back(client: TestClient, study: MadeStudy) -> None:
    """Each step leads back with a button that takes it back; what is put shows in the margin at once."""
    spoken = str(study.utterances["I01", 3])
    assert codes_on(client) == ["AX1"]
    put = correct(client, "/codes", utterance=spoken, tag="AX1", polarity="denied")
    assert codes_on(client) == ["AX1", "AX1"]
    undo(client, put)
    assert codes_on(client) == ["AX1"]
    page = client.get(f"{READER}&edit={study.utterances['I01', 1]}").text
    (tagging,) = re.findall(r'name="tagging" value="([^"]+)"', page)
    taken = correct(client, "/codes/remove", utterance=str(study.utterances["I01", 1]), tagging=tagging)
    assert codes_on(client) == []
    undo(client, taken)
    assert codes_on(client) == ["AX1"]


@pytest.mark.parametrize("told", ["", "voice", "code 1", "review a b c", "<script>alert(1)</script> 2 3"])
def test_an_address_that_holds_no_correction_offers_nothing(client: TestClient, study: MadeStudy, told: str) -> None:
    """Whatever stands in `undo`, it is no button and no markup."""
    page = client.get(READER, params={"study": "acme", "undo": told})
    assert page.status_code == 200
    assert 'class="undo"' not in page.text
    assert "<script>alert" not in page.text


def test_whoever_only_reads_corrects_nothing(services: Services, study: MadeStudy) -> None:
    """There is no link to it on the page, and the form is refused."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "Vera", KeyRole.VIEWER)
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        headers = OWN | {"Authorization": f"Bearer {key}"}
        page = client.get(READER, headers=headers)
        assert page.status_code == 200
        assert 'class="correct"' not in page.text
        spoken = str(study.utterances["I01", 3])
        put = client.post("/interviews/I01/codes?study=acme", data={"utterance": spoken, "tag": "AX1"}, headers=headers)
        assert put.status_code == 403


def test_what_is_unsure_is_marked(client: TestClient, services: Services, study: MadeStudy) -> None:
    """Words that were hard to hear, and roles that were hard to tell."""
    assert "recognised with low confidence" not in client.get(READER).text
    with services.database.sessions.begin() as session:
        chosen = update(Utterance).where(Utterance.id == study.utterances["I01", 1])
        session.execute(chosen.values(confidence=0.3, role_confidence=0.5))
    page = client.get(READER).text
    assert "recognised with low confidence" in page
    assert "role unsure" in page
