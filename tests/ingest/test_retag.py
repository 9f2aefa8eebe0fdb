"""Tagging in the database: at publication, anew after persons tagged, never over what persons decided."""

from dataclasses import replace
from pathlib import Path

import pytest
from narrow_embedder import write_narrow_embedder
from sqlalchemy import select, text, update

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder, load_embedder
from app.errors import NotFoundError
from app.index import MixedIndexError
from app.models import Code, Tagging, Utterance
from app.services import Services
from app.settings import Settings
from app.tagging.tagger import author_of
from app.vocabulary import Kind, Polarity
from ingest.pipeline import ingest_study
from ingest.retag import retag_if_outdated, retag_outdated, retag_study

MANIFEST = """\
study: pumps
title: Why people buy pumps
languages: [en, de]
codebook: codebook.yaml
participants:
  - {id: P01, language: en}
  - {id: P02, language: en}
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
  - {id: I02, participant: P02, files: [P02.txt]}
taggings: taggings.csv
"""
CODEBOOK = """\
codes:
  - {code: DL1, kind: problem, label: Late delivery, about: the parcel arrived weeks late or not at all}
  - {code: NO1, kind: anxiety, label: Noise at night, about: afraid that the pump hums too loud to sleep}
"""
FIRST = """\
Interviewer: What held you back before you bought it?
P01: I was afraid that the pump hums so loud at night that nobody can sleep beside it.
Interviewer: Was the delivery all right?
P01: The parcel arrived three weeks late, and at first it did not arrive at all, I called them five times.
"""
SECOND = """\
Interviewer: What held you back before you bought it?
P02: The bumblebee in the wall, as I call it, humming away while I count the hours until the morning comes.
Interviewer: Were you afraid of noise at night, that the pump hums too loud to sleep?
P02: No, not at all.
"""
HUMMING = "The bumblebee in the wall, as I call it, humming away"


@pytest.fixture
def services(own_database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """Services that really commit, so that what is tagged later is later."""
    return Services(Settings(), own_database, embedder, blobs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two interviews about pumps; nobody has tagged anything yet."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "P01.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "P02.txt").write_text(SECOND, encoding="utf-8")
    tag_by_hand(tmp_path)
    return tmp_path


def tag_by_hand(folder: Path, *lines: str) -> None:
    """Write the researcher's taggings."""
    header = "interview,quote,code,polarity,author"
    (folder / "taggings.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")


def ingest(folder: Path, services: Services) -> None:
    """Ingest, which succeeds."""
    assert ingest_study(folder, services, lambda *_: None).succeeded


def stored(services: Services, *, by_person: bool) -> list[tuple[str, str, str, str]]:
    """Words, code, polarity and author of all taggings by persons, or by the tagger."""
    with services.database.sessions() as session:
        rows = session.execute(
            select(Utterance.text, Code.code, Tagging.polarity, Tagging.author)
            .join(Tagging, Tagging.utterance_id == Utterance.id)
            .join(Code, Code.id == Tagging.code_id)
            .where((Tagging.basis == "person") == by_person)
            .order_by(Utterance.interview_id, Utterance.index, Code.code, Tagging.author)
        )
        return [(row.text[:20], row.code, row.polarity, row.author) for row in rows]


def test_interviews_are_published_with_their_tags(folder: Path, services: Services) -> None:
    """Codes and kinds, affirmed and denied, of participants alone, all by one author."""
    ingest(folder, services)
    tags = stored(services, by_person=False)
    assert ("The parcel arrived t", "DL1", "affirmed", author_of(services.embedder.identity)) in tags
    assert ("I was afraid that th", "anxiety", "affirmed", author_of(services.embedder.identity)) in tags
    assert ("No, not at all.", "NO1", "denied", author_of(services.embedder.identity)) in tags
    with services.database.sessions() as session:
        roles = session.scalars(select(Utterance.role).join(Tagging, Tagging.utterance_id == Utterance.id)).all()
    assert set(roles) == {"participant"}


def test_every_study_has_a_code_for_each_kind(folder: Path, services: Services) -> None:
    """Called as the kind, in three languages; a study's own code of that name stays its own."""
    own = "  - {code: aha, kind: decision, label: Our own aha, about: what we call so}\n"
    (folder / "codebook.yaml").write_text(CODEBOOK + own, encoding="utf-8")
    ingest(folder, services)
    with services.database.sessions() as session:
        codes = {code.code: code for code in session.scalars(select(Code))}
    assert set(codes) == {*map(str, Kind), "DL1", "NO1"}
    assert codes["anxiety"].kind == Kind.ANXIETY
    assert set(codes["anxiety"].labels) == {"en", "de", "es"}
    assert (codes["aha"].kind, codes["aha"].about) == (Kind.DECISION, "what we call so")


def test_tagging_again_changes_nothing(folder: Path, services: Services) -> None:
    """The same codes on the same words, none twice."""
    ingest(folder, services)
    before = stored(services, by_person=False)
    progress: list[tuple[str, int, int]] = []
    report = retag_study(services, "pumps", lambda *step: progress.append(step))
    assert stored(services, by_person=False) == before
    assert (report.study, report.interviews, report.taggings) == ("pumps", 2, len(before))
    assert progress == [("I01", 0, 2), ("I02", 1, 2), ("", 2, 2)]


def test_what_a_person_tagged_is_an_example_elsewhere(folder: Path, services: Services) -> None:
    """Images that no description holds are found once somebody has tagged their like in another interview."""
    third = SECOND.replace("P02", "P03").replace("while I count the hours", "and I was counting hours")
    (folder / "P03.txt").write_text(third, encoding="utf-8")
    manifest = MANIFEST.replace("interviews:", "  - {id: P03, language: en}\ninterviews:")
    manifest = manifest.replace("taggings:", "  - {id: I03, participant: P03, files: [P03.txt]}\ntaggings:")
    (folder / "study.yaml").write_text(manifest, encoding="utf-8")
    ingest(folder, services)
    humming = [tag for tag in stored(services, by_person=False) if tag[0] == HUMMING[:20]]
    assert "NO1" not in {code for _, code, _, _ in humming}
    tag_by_hand(folder, f'I02,"{HUMMING}",NO1,affirmed,anna', 'I01,"hums so loud",NO1,affirmed,anna')
    ingest(folder, services)
    humming = [tag for tag in stored(services, by_person=False) if tag[0] == HUMMING[:20]]
    assert [code for _, code, _, _ in humming].count("NO1") == 1


def test_what_a_person_decided_stays(folder: Path, services: Services) -> None:
    """The person's tag, also one that the tagger would not give, and no other code beside it, however often it runs."""
    tag_by_hand(folder, 'I01,"The parcel arrived three weeks late",NO1,denied,anna')
    ingest(folder, services)
    for _ in range(2):
        retag_study(services, "pumps", lambda *_: None)
        assert stored(services, by_person=True) == [("The parcel arrived t", "NO1", "denied", "anna")]
        assert {
            code for words, code, _, _ in stored(services, by_person=False) if words.startswith("The parcel")
        } <= set(Kind)


def test_a_new_tagger_replaces_only_what_a_tagger_did(folder: Path, services: Services) -> None:
    """Taggings of another version go, those of another program and of persons stay."""
    tag_by_hand(folder, 'I01,"I was afraid",NO1,affirmed,anna')
    ingest(folder, services)
    before = stored(services, by_person=False)
    with services.database.sessions.begin() as session:
        session.execute(update(Tagging).where(Tagging.basis != "person").values(author="verbatim-tagger/0 old@1"))
        session.execute(
            text(
                'INSERT INTO tagging (study_id, utterance_id, code_id, start, "end", polarity, author, basis, '
                "confidence) SELECT study_id, utterance_id, code_id, 0, 1, polarity, 'somebody-else/1', 'model', 0.5 "
                "FROM tagging WHERE basis <> 'person'"
            )
        )
        study_id = session.scalars(select(Code.study_id).limit(1)).one()
    retag_if_outdated(study_id, services)
    after = stored(services, by_person=False)
    assert [tag for tag in after if tag[3] != "somebody-else/1"] == before
    assert len([tag for tag in after if tag[3] == "somebody-else/1"]) == len(before)
    assert len(stored(services, by_person=True)) == 1


def test_what_another_tagger_said_of_withdrawn_words_goes(folder: Path, services: Services) -> None:
    """An interview that may not be quoted any more is not tagged anew, and keeps no tags of another tagger."""
    ingest(folder, services)
    manifest = MANIFEST.replace("[P02.txt]}", "[P02.txt], consent: {quotes: false}}")
    (folder / "study.yaml").write_text(manifest, encoding="utf-8")
    ingest(folder, services)
    with services.database.sessions.begin() as session:
        session.execute(update(Tagging).values(author="verbatim-tagger/0 old@1"))
    reports = retag_outdated(services, lambda *_: None)
    authors = {author for _, _, _, author in stored(services, by_person=False)}
    assert [report.study for report in reports] == ["pumps"]
    assert authors == {author_of(services.embedder.identity)}
    assert retag_outdated(services, lambda *_: None) == ()


def test_tags_are_not_made_with_another_embedder_than_the_index(
    folder: Path, services: Services, tmp_path: Path
) -> None:
    """What is refused to questions is refused to the tagger, with the same remedy; no tag changes."""
    ingest(folder, services)
    before = stored(services, by_person=False)
    narrow = load_embedder(str(write_narrow_embedder(tmp_path / "narrow")))
    with pytest.raises(MixedIndexError, match="verbatim reembed"):
        retag_study(replace(services, embedder=narrow), "pumps", lambda *_: None)
    assert stored(services, by_person=False) == before


def test_tagging_is_not_done_without_a_reason(folder: Path, services: Services) -> None:
    """While nobody tagged since, the rows stay the very same."""
    tag_by_hand(folder, 'I01,"I was afraid",NO1,affirmed,anna')
    ingest(folder, services)
    with services.database.sessions() as session:
        before = session.scalars(select(Tagging.id).order_by(Tagging.id)).all()
        study_id = session.scalars(select(Code.study_id).limit(1)).one()
    retag_if_outdated(study_id, services)
    with services.database.sessions() as session:
        assert session.scalars(select(Tagging.id).order_by(Tagging.id)).all() == before


def test_without_consent_no_tag_is_shown(folder: Path, services: Services) -> None:
    """What may not be quoted has no tags that any search reaches."""
    manifest = MANIFEST.replace("files: [P01.txt]}", "files: [P01.txt], consent: {quotes: false}}")
    (folder / "study.yaml").write_text(manifest.replace("[P02.txt]}", "[P02.txt], consent: {quotes: false}}"), "utf-8")
    ingest(folder, services)
    with services.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM tagging JOIN quotable USING (utterance_id)")) == 0


def test_an_unknown_study_is_refused(services: Services) -> None:
    """With its name."""
    with pytest.raises(NotFoundError, match="'nowhere'"):
        retag_study(services, "nowhere", lambda *_: None)


def test_a_denial_is_stored_as_denied(folder: Path, services: Services) -> None:
    """The polarity of a tag is the speaker's."""
    ingest(folder, services)
    denied = [tag for tag in stored(services, by_person=False) if tag[2] == Polarity.DENIED]
    assert {words for words, _, _, _ in denied} == {"No, not at all."}
