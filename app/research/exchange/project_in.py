"""REFI-QDA projects (.qdpx) that come in: their codes, and their codings on words of published transcripts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.library.queries import find_study
from app.research.exchange.alignment import Aligned, Placed, Talk, align, find_words, place
from app.research.exchange.archive import ProjectArchive, open_archive
from app.research.exchange.code_plan import CodePlan, plan_codes
from app.research.exchange.codes_in import Importing, create_planned
from app.research.exchange.coding_notes import read_note
from app.research.exchange.documents import PROJECT, read_document
from app.research.exchange.known_codes import Target
from app.research.exchange.positions import CountedText, Selected, count_text, decode_source
from app.research.exchange.project_nodes import CodingNode, Project, SelectionNode, TextNode
from app.research.exchange.project_reader import read_project, shown
from app.research.exchange.queries import TaggingRow, add_taggings, read_talks, stored_codes
from app.research.exchange.schemas import MOST_TOLD, ImportedSource, ProjectImport, Unplaced
from app.research.exchange.visible import Visible
from app.services import Services
from app.text import Span

_SHOWN_WORDS = 200


@dataclass
class _Placing:
    """The codings of a project on their way to the words of participants."""

    project: Project
    plan: CodePlan
    talks: Sequence[Talk]
    document: str
    author: str
    rows: list[TaggingRow] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    sources: list[ImportedSource] = field(default_factory=list)
    spread: int = 0


def import_project(services: Services, study: str, data: bytes, by: Importing) -> ProjectImport:
    """Import a REFI-QDA project.

    Codes come in as `import_codebook` brings them. A coding is taken over where its words are those of a participant in
    a published transcript: found through the text that it was made in, or else where only one utterance has them.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: this is no such project, or one that may be dangerous; faults have their lines.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        stored, talks = stored_codes(session, study_id), read_talks(session, study_id)
    with open_archive(data) as archive:
        project = read_project(read_document(archive.read_document(), archive.document, PROJECT), PROJECT)
        plan = plan_codes(project.codes, stored, study, by.kind, services.embedder)
        placing = _Placing(project, plan, talks, archive.document, by.author)
        for text in project.texts:
            _place_text(text, archive, placing)
    _report_misfits(placing)
    with services.database.sessions() as session:
        create_planned(session, study_id, plan.new, by.author, services.embedder)
        added = add_taggings(session, study_id, placing.rows)
        if not by.dry_run:
            session.commit()
    return _tell(study, placing, added, dry_run=by.dry_run)


def _place_text(text: TextNode, archive: ProjectArchive, placing: _Placing) -> None:
    """Place the codings of one text."""
    raw = text.content if text.content is not None else _read_source(text, archive)
    if raw is None:
        _place_by_name(text, placing)
        return
    selections = [selection.selected for selection in text.selections]
    counted = count_text(raw, selections, placing.project.origin)
    document = Visible(counted.text)
    aligned = align(document, placing.talks, text.name)
    interview = aligned.talk.interview if aligned.talk else None
    counting = str(counted.counting) if counted.counting else None
    placing.sources.append(_source(text, interview, counting, in_file=True))
    for selection in text.selections:
        words, placed = _place_selection(selection.selected, counted, document, aligned, placing.talks)
        _take(text, selection, words, placed, placing)


def _read_source(text: TextNode, archive: ProjectArchive) -> str | None:
    data = archive.read_source(text.path) if text.path else None
    return None if data is None else decode_source(data)


def _place_selection(
    selected: Selected, counted: CountedText, document: Visible, aligned: Aligned, talks: Sequence[Talk]
) -> tuple[str, Placed]:
    """The words that are selected, and where they stand."""
    start, end = counted.offset(selected.start), counted.offset(selected.end)
    if start is None or end is None:
        return "", Placed(reason="it lies outside of its text")
    if start > end:
        return "", Placed(reason="it ends before it begins")
    return counted.text[start:end], place(document, Span(start, end), aligned, talks)


def _place_by_name(text: TextNode, placing: _Placing) -> None:
    """Place codings of a text that is not in the file by the words that selections are called by, if they are whole."""
    placing.sources.append(_source(text, None, None, in_file=False))
    for selection in text.selections:
        selected, name = selection.selected, selection.selected.name or ""
        placed = Placed(reason="its text is not in the file")
        if len(name) == selected.end - selected.start and name.strip():
            placed = find_words(Visible(name).characters, None, placing.talks)
        _take(text, selection, name, placed, placing)


def _source(text: TextNode, interview: str | None, counting: str | None, *, in_file: bool) -> ImportedSource:
    selections = len(text.selections)
    return ImportedSource(
        name=text.name, interview=interview, selections=selections, counting=counting, in_file=in_file
    )


def _take(text: TextNode, selection: SelectionNode, words: str, placed: Placed, placing: _Placing) -> None:
    """Take the codings of a selection over, or say why not."""
    for coding in selection.codings:
        target = placing.plan.targets.get(coding.code, Target(None, reason="there is no such code in the file"))
        if target.code is None or not placed.pieces:
            reason = placed.reason if target.code else target.reason
            placing.unplaced.append(_unplaced(coding, text.name, words, reason, placing))
            continue
        author = placing.project.users.get(coding.user, placing.author) if coding.user else placing.author
        note = read_note(selection.description, author)
        placing.spread += len(placed.pieces) > 1
        placing.rows += [
            TaggingRow(
                piece.utterance_id,
                target.code,
                piece.span.start,
                piece.span.end,
                target.polarity,
                author,
                note.basis,
                note.confidence,
            )
            for piece in placed.pieces
        ]


def _report_misfits(placing: _Placing) -> None:
    placing.unplaced += [
        _unplaced(misfit.coding, misfit.source, "", misfit.reason, placing) for misfit in placing.project.misfits
    ]


def _unplaced(coding: CodingNode, source: str, words: str, reason: str, placing: _Placing) -> Unplaced:
    return Unplaced(
        place=f"{placing.document}:{coding.line}",
        source=source,
        code=shown(placing.project.code_names.get(coding.code, "")),
        words=shown(words[:_SHOWN_WORDS]),
        reason=reason,
    )


def _tell(study: str, placing: _Placing, added: int, *, dry_run: bool) -> ProjectImport:
    different = {(row.utterance_id, row.code, row.author, row.start, row.end) for row in placing.rows}
    return ProjectImport(
        study=study,
        dry_run=dry_run,
        added=added,
        known=len(different) - added,
        unplaced=tuple(placing.unplaced[:MOST_TOLD]),
        more_unplaced=max(0, len(placing.unplaced) - MOST_TOLD),
        origin=shown(placing.project.origin),
        codes=placing.plan.told,
        coders=tuple(sorted({row.author for row in placing.rows})),
        sources=tuple(placing.sources),
        spread=placing.spread,
        left_out={name: count for name, count in placing.project.left_out.items() if count},
    )
