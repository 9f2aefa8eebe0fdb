"""How charts look: one set of rules, in colours that follow the reader's light or dark, or fixed ones for pictures."""

import base64
import hashlib
from string import Template

FONTS = "DejaVu Sans, Verdana, system-ui, sans-serif"

_LIGHT = {
    "paper": "#fdfdfc",
    "ink": "#1b1f24",
    "quiet": "#57606a",
    "grid": "#d9dde2",
    "one": "#1d4f91",
    "two": "#b35900",
    "range": "#c9d8ec",
    "shade1": "#e6eef8",
    "shade2": "#bcd2ee",
    "shade3": "#7fa8dc",
}
_DARK = {
    "paper": "#16191d",
    "ink": "#e6e8eb",
    "quiet": "#a2abb5",
    "grid": "#343a42",
    "one": "#8ab8f5",
    "two": "#f0b26b",
    "range": "#243a58",
    "shade1": "#1d2a3b",
    "shade2": "#26456c",
    "shade3": "#2f5f9c",
}
_RULES = Template(
    ".paper{fill:$paper}.ink{fill:$ink}.quiet{fill:$quiet}.one{fill:$one}.two{fill:$two}"
    ".hatch-line{fill:$two}.open-line{fill:$grid}.hatched{stroke:$two;stroke-width:1}.range{fill:$range}"
    ".grid{stroke:$grid;stroke-width:1}.mark{stroke:$two;stroke-width:1.5;stroke-dasharray:2 3}"
    ".curve{fill:none;stroke:$one;stroke-width:2.5}"
    ".median{fill:none;stroke:$quiet;stroke-width:1.5;stroke-dasharray:6 4}"
    ".reach{fill:transparent}.cell{stroke:$grid;stroke-width:1}.shade0{fill:$paper}.shade1{fill:$shade1}.shade2{fill:$shade2}"
    ".shade3{fill:$shade3}"
)


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--chart-{name}:{colour};" for name, colour in colours.items())


RULES = _RULES.substitute({name: f"var(--chart-{name})" for name in _LIGHT})
"""Rules for a page that sets the variables."""
ADAPTIVE = f":root{{{_variables(_LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{_variables(_DARK)}}}}}{RULES}"
"""Rules and variables, for the light and for the dark."""
FIXED = _RULES.substitute(_LIGHT)
"""Rules with the light colours in them, for pictures."""


def hash_of(style: str) -> str:
    """What a content security policy calls a style sheet that stands in a document."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
