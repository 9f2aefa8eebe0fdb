"""How the scripted chat model answers: honestly, by what it is offered, or in one of the ways in which models go wrong.

By hand: `python tests/scripted_rules.py --port 9000 --delay 5`, then VERBATIM_CHAT_MODEL=openai:scripted and
VERBATIM_CHAT_BASE_URL=http://127.0.0.1:9000/v1.
"""

import argparse
import re
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from scripted_provider import Asked, Rule, Says, scripted_provider

Composition = dict[str, Any]
Line = Mapping[str, Any]

MOST_CLAIMS = 3


def honest(asked: Asked) -> Says:
    """Answer any of the prompts in its form, and point to nothing that was not offered."""
    return Says(_HONEST[asked.output](asked))


def delayed(rule: Rule, delay_s: float) -> Rule:
    """Answer by a rule, after a while."""

    def respond(asked: Asked) -> Any:
        behaviour = rule(asked)
        return replace(behaviour, delay_s=delay_s) if isinstance(behaviour, Says) else behaviour

    return respond


def cut_off(asked: Asked) -> Says:
    """Begin an honest answer, and stop within."""
    text = honest(asked).text
    return Says(text[: len(text) // 2])


def misbehaving(change: Callable[[Composition, Asked], Composition]) -> Rule:
    """Answer honestly, except that a composition is changed."""

    def respond(asked: Asked) -> Says:
        return Says(change(_compose(asked), asked)) if asked.output == "Composition" else honest(asked)

    return respond


def _compose(asked: Asked) -> Composition:
    """A claim for each of the first passages of a participant, worded like the code on it."""
    labels = {line["code"]: line["label"] for line in asked.lines if "label" in line}
    spoken = _spoken(asked)[:MOST_CLAIMS]
    return {"claims": [_claim(line, labels) for line in spoken]}


def _claim(line: Line, labels: Mapping[str, str]) -> dict[str, Any]:
    code, polarity = next(iter(line.get("codes", {}).items()), (None, "affirmed"))
    text = labels.get(code, "") if code else ""
    return {
        "text": f"{text or _first_sentence(line).strip(' .!?')}.",
        "code": code,
        "polarity": polarity,
        "evidence": [{"id": line["id"], "sentences": [1]}],
        "against": [],
        "part": 1,
    }


def _spoken(asked: Asked) -> list[Line]:
    return [line for line in asked.lines if line.get("role") == "participant" and line.get("sentences")]


def _first_sentence(line: Line) -> str:
    return str(next(iter(line["sentences"].values())))


def _translate(asked: Asked) -> dict[str, Any]:
    return {"translations": [{"id": line["id"], "text": f"Rendition of {line['id']}"} for line in asked.lines]}


def _note(asked: Asked) -> dict[str, Any]:
    """A gist for each passage, and the first of the study's own codes that shares a long word with it."""
    codes = [(line["code"], set(_long_words(line["about"]))) for line in asked.lines if "about" in line]
    notes = []
    for line in _spoken(asked):
        said = set(_long_words(" ".join(line["sentences"].values())))
        tags = [{"code": code, "sentences": [1], "confidence": 0.9} for code, words in codes if words & said]
        notes.append(
            {
                "id": line["id"],
                "gist": f"The person speaks of {max(said, key=len, default='nothing')}.",
                "tags": tags[:1],
            }
        )
    return {"notes": notes}


def _tell(asked: Asked) -> dict[str, Any]:
    """The first passage as what pushed the person."""
    entries = [
        {"field": "push", "statement": "Something was wrong", "id": line["id"], "sentences": [1]}
        for line in _spoken(asked)
    ]
    return {"entries": entries[:1]}


def _long_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) > 5]


_HONEST: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    "Interpretation": lambda asked: {"question": asked.data("question"), "sub_questions": [], "facets": []},
    "Composition": _compose,
    "PassageNotes": _note,
    "JobStory": _tell,
    "Renditions": _translate,
    "Judgements": lambda _: {"judgements": []},
    "NextQuestion": lambda _: {"question": "Tell me about the last time that happened."},
}


def _with_prose(composition: Composition, prose: str) -> Composition:
    """Add prose to the first claim."""
    first, *others = composition["claims"]
    return composition | {"claims": [first | {"text": f"{first['text']} {prose}"}, *others]}


def _with_evidence(composition: Composition, identifier: str) -> Composition:
    """Let the first claim rest on something else alone."""
    first, *others = composition["claims"]
    return composition | {"claims": [first | {"evidence": [{"id": identifier, "sentences": []}]}, *others]}


def _altered(asked: Asked) -> str:
    words = _first_sentence(_spoken(asked)[0]).split()
    return " ".join([*words[:-1], "angeblich", words[-1]])


def _spliced(asked: Asked) -> str:
    first, second = (_first_sentence(line).split() for line in _spoken(asked)[:2])
    return " ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :])


def _interviewer(asked: Asked) -> str:
    return str(next(line["id"] for line in asked.lines if line.get("role") == "interviewer"))


INVENTED = "Ich habe sofort gewusst, dass ich nie wieder wechseln werde."
LURE = "![pixel](https://evil.example/p.png) [Click here](https://evil.example) <script>alert(1)</script>"

MISBEHAVIOURS: Mapping[str, Rule] = {
    "fabricated quote": misbehaving(lambda made, _: _with_prose(made, f"One said: „{INVENTED}“")),
    "altered quote": misbehaving(lambda made, asked: _with_prose(made, f"One said: “{_altered(asked)}”")),
    "spliced quote": misbehaving(lambda made, asked: _with_prose(made, f"One said: «{_spliced(asked)}»")),
    "translation as quote": misbehaving(lambda made, _: _with_prose(made, 'One said: "I knew at once that I stay."')),
    "wrong id": misbehaving(lambda made, _: _with_evidence(made, "u999")),
    "interviewer's id": misbehaving(lambda made, asked: _with_evidence(made, _interviewer(asked))),
    "id of another study": misbehaving(lambda made, _: _with_evidence(made, "0b4ee1a4-0000-4000-8000-000000000001")),
    "invented number": misbehaving(lambda made, _: _with_prose(made, "17 of 20 customers say so.")),
    "obeyed injection": misbehaving(lambda made, _: _with_prose(made, LURE)),
}
"""Compositions that go wrong in what they say; those that go wrong in form are behaviours of the provider."""


def main() -> None:
    """Serve the honest rule until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each reply")
    arguments = parser.parse_args()
    with scripted_provider(delayed(honest, arguments.delay), arguments.port) as provider:
        sys.stderr.write(f"a scripted chat model at {provider.url}\n")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
