"""`verbatim erase`: a participant or an interview goes, with everything that was made of it."""

from collections.abc import Callable
from typing import Annotated

import typer

from app.blobs import open_blobs
from app.commands import options
from app.commands.boundary import FAILED
from app.commands.opening import opened_database, start
from app.commands.output import line, tell, write, write_json
from app.commands.studies import choose_study
from app.database import Database
from app.erased import LEDGER_FILE
from app.privacy.erasure import (
    Holdings,
    Premises,
    Receipt,
    erase_interview,
    erase_participant,
    finish_erasures,
    list_receipts,
)
from app.privacy.holdings import holdings_of_interview, holdings_of_participant, study_of
from app.settings import Settings
from app.vault import open_vault

app = typer.Typer(help="Erase a participant or an interview for ever, with a receipt.", no_args_is_help=True)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command()
def participant(
    code: Annotated[str, typer.Argument(help="Who, P07.")],
    study: options.StudyName = None,
    yes: Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Erase a participant: interviews, recordings, quotes in kept answers, and what was made of them."""
    _erase(erase_participant, holdings_of_participant, "participant", code, study, yes, as_json)


@app.command()
def interview(
    code: Annotated[str, typer.Argument(help="Which, I07.")],
    study: options.StudyName = None,
    yes: Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Erase an interview; its participant stays known."""
    _erase(erase_interview, holdings_of_interview, "interview", code, study, yes, as_json)


@app.command("list")
def list_all(as_json: options.AsJson = False) -> None:
    """List the receipts of all erasures, the newest first; nobody is named in them."""
    with opened_database() as database, database.sessions() as session:
        receipts = list_receipts(session)
    if as_json:
        write_json(receipts)
        return
    if not receipts:
        tell("Nothing was erased yet.")
    for receipt in receipts:
        state = "finished" if receipt.finished_at else "to be finished: verbatim erase finish"
        write([line(f"{receipt.id}  {receipt.erased_at:%Y-%m-%d %H:%M}  {receipt.study}  {receipt.kind}  {state}")])


@app.command()
def finish(as_json: options.AsJson = False) -> None:
    """Finish erasures that broke off, or that found tables in use: files, pages on the disk, the log."""
    settings = start()
    with opened_database() as database:
        receipts = finish_erasures(premises_at(settings, database))
    if as_json:
        write_json(receipts)
        return
    tell(f"Finished: {sum(receipt.finished_at is not None for receipt in receipts)} of {len(receipts)}.")


def premises_at(settings: Settings, database: Database) -> Premises:
    """Where a command without an embedder erases."""
    ledger = settings.data_dir.absolute() / LEDGER_FILE
    return Premises(database, open_blobs(settings), open_vault(settings), ledger)


def _erase(
    erase: Callable[[Premises, str, str], Receipt],
    holdings: Holdings,
    kind: str,
    code: str,
    study: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    settings = start()
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            holdings(session, study_of(session, slug), code)  # who is not there is told before anything is asked
        if not yes and not typer.confirm(f"Erase {kind} {code} of {slug}? Nothing brings it back.", err=True):
            raise typer.Exit(FAILED)
        receipt = erase(premises_at(settings, database), slug, code)
    if as_json:
        write_json(receipt)
        return
    rows = ", ".join(f"{count} {table}" for table, count in receipt.rows.items() if count)
    write([line((f"Erased {kind} {code}.", "bold"), f" Receipt {receipt.id}")])
    write([line(f"rows: {rows}; files: {receipt.files}; answers with tombstones: {receipt.answers}", indent=2)])
    if receipt.insights:
        write([line(f"insights that are stale now: {', '.join(receipt.insights)}", indent=2)])
    if receipt.exports:
        write([line("files that may hold it, to be deleted where they are:", indent=2)])
        write(line(f"{each.at:%Y-%m-%d %H:%M}  {each.actor}  {each.operation}", indent=4) for each in receipt.exports)
    if receipt.finished_at is None:
        tell("Tables were in use: `verbatim erase finish`, or a worker, removes the last traces from the disk.")
    tell("Backups made before still hold it; restoring one erases it again by the ledger erasures.jsonl.")
