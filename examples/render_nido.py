"""Render the sample study: `python -m examples.render_nido` writes examples/nido anew, to the same bytes each time."""

import argparse
from collections.abc import Callable
from pathlib import Path

import yaml

from examples.rendering.captions import (
    render_srt,
    render_srt_cp1252,
    render_srt_windows,
    render_teams_vtt,
    render_vtt,
    render_zoom_vtt,
)
from examples.rendering.customers import CORE_SHARE, core_band_share, customer_table, make_customers
from examples.rendering.documents import render_otter_docx, render_teams_docx, render_text, render_timed_text
from examples.rendering.recognisers import render_assemblyai, render_whisperx
from examples.rendering.source import Interview, read_study_source
from examples.rendering.tables import render_codebook, render_csv, render_manifest, render_taggings

NIDO = Path(__file__).parent / "nido"
SHARE_TOLERANCE = 0.003
FORMATS: dict[str, tuple[str, Callable[[Interview], bytes]]] = {
    "vtt": ("vtt", render_vtt),
    "teams_vtt": ("vtt", render_teams_vtt),
    "zoom_vtt": ("vtt", render_zoom_vtt),
    "srt": ("srt", render_srt),
    "srt_cp1252": ("srt", render_srt_cp1252),
    "srt_windows": ("srt", render_srt_windows),
    "text": ("txt", render_text),
    "timed_text": ("txt", render_timed_text),
    "teams_docx": ("docx", render_teams_docx),
    "otter_docx": ("docx", render_otter_docx),
    "whisperx": ("json", render_whisperx),
    "assemblyai": ("json", render_assemblyai),
}


def render_study(folder: Path) -> dict[str, bytes]:
    """Make every rendered file of the study folder, by its path there."""
    source = read_study_source(folder)
    external = yaml.safe_load((folder / "source" / "sources.yaml").read_text(encoding="utf-8"))
    customers = make_customers(source.participants)
    share = core_band_share(customers)
    if abs(share - CORE_SHARE) > SHARE_TOLERANCE:
        raise ValueError(f"the core LTV band brings {share:.1%} of the revenue, wanted {CORE_SHARE:.0%}")
    customer_ids = {customer.participant: customer.customer_id for customer in customers if customer.participant}
    transcripts = {
        interview.id: f"transcripts/{interview.participant}.{FORMATS[interview.format][0]}"
        for interview in source.interviews
    }
    return {
        "study.yaml": render_manifest(source, customer_ids, transcripts, external),
        "codebook.yaml": render_codebook(source.themes),
        "customers.csv": render_csv(customer_table(customers)),
        "taggings.csv": render_taggings(source.interviews),
        **{transcripts[interview.id]: FORMATS[interview.format][1](interview) for interview in source.interviews},
    }


def main() -> None:
    """Render the study into its own folder, or into another one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=NIDO, help="folder to write to (default: %(default)s)")
    output: Path = parser.parse_args().output
    for path, content in render_study(NIDO).items():
        target = output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main()
