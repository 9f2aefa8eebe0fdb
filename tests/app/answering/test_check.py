"""The first gate: whatever a model points at, only what it was offered becomes a quote, and every loss is counted."""

from collections import Counter

import pytest
from candidate_factory import ranked, tag
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.answering.check import Checked, Reason, check
from app.answering.composition import ComposedClaim, Composition, Pointer
from app.answering.offer import offer
from app.text import Span, densest_run
from app.vocabulary import Polarity

SAID = (
    ranked("Ich hatte Angst. Mein Geld könnte weg sein. Das war es.", tag("AX1"), asked="Was war mit der Angst?"),
    ranked("Miedo no tuve. Nunca.", tag("AX1", Polarity.DENIED), language="es", participant="P02"),
    ranked("Nothing special.", language="en", participant="P03", asked="Anything else?"),
    ranked("Eins. Zwei. Drei. Vier. Fünf. Sechs. Sieben. Acht.", participant="P04"),
)
OFFERED = offer(SAID)
WHOLE = {item.id: Span(0, len(item.ranked.candidate.text)) for item in OFFERED}

pointers = st.builds(
    Pointer,
    id=st.sampled_from(["u1", "u2", "u3", "u4", "u5", "q1", "q2", "q3", "u01", "U1", "", "'; DROP TABLE"])
    | st.text(max_size=8),
    sentences=st.lists(st.integers(-3, 10) | st.integers(), max_size=6).map(tuple),
)
claims = st.builds(
    ComposedClaim,
    text=st.text(max_size=200),
    code=st.none() | st.sampled_from(["AX1", "AX2", "anxiety"]) | st.text(max_size=10),
    polarity=st.sampled_from(Polarity),
    evidence=st.lists(pointers, max_size=8).map(tuple),
    against=st.lists(pointers, max_size=4).map(tuple),
    part=st.integers(),
)
compositions = st.builds(Composition, claims=st.lists(claims, max_size=6).map(tuple))


def _composed(*evidence: Pointer, against: tuple[Pointer, ...] = (), **values: object) -> Composition:
    claim = {"text": "Sie haben Angst.", "evidence": evidence, "against": against} | values
    return Composition(claims=(ComposedClaim.model_validate(claim),))


def _check(composition: Composition) -> Checked:
    return check(composition, OFFERED, WHOLE)


def _fault(pointer: Pointer) -> Reason | None:
    """What is wrong with a pointer, worked out anew."""
    sentences = {"u1": 3, "u2": 2, "u3": 1, "u4": 8}
    if pointer.id in ("q1", "q3"):
        return "wrong_speaker"
    if pointer.id not in sentences:
        return "unknown_reference"
    return "fabricated" if any(n < 1 or n > sentences[pointer.id] for n in pointer.sentences) else None


@given(compositions)
def test_only_offered_words_are_quoted(composition: Composition) -> None:
    """Whatever the ids and sentence numbers, a quote is a stretch of one offered utterance, and no claim is without."""
    offered = {item.ranked.candidate.utterance_id: item for item in OFFERED}
    for claim in _check(composition).claims:
        assert claim.supporting
        utterances = [quote.ranked.candidate.utterance_id for quote in (*claim.supporting, *claim.contradicting)]
        assert len(set(utterances)) == len(utterances)
        for quote in (*claim.supporting, *claim.contradicting):
            item = offered[quote.ranked.candidate.utterance_id]
            assert quote.ranked is item.ranked
            assert 0 <= quote.span.start < quote.span.end <= len(item.ranked.candidate.text)
            assert quote.span.start in {0, *(sentence.start for sentence in item.sentences)}
        assert all(quote.polarity is claim.polarity for quote in claim.supporting)
        assert all(quote.polarity is not claim.polarity for quote in claim.contradicting)


@given(compositions)
def test_every_loss_is_counted(composition: Composition) -> None:
    """Each faulty pointer counts once, and so does each claim that points at nothing or at the opposite alone."""
    faults = [_fault(pointer) for claim in composition.claims for pointer in (*claim.evidence, *claim.against)]
    checked = _check(composition)
    pointless = sum(not claim.evidence for claim in composition.claims)
    void = sum(all(map(_fault, claim.evidence)) for claim in composition.claims) - pointless
    turned = len(composition.claims) - len(checked.claims) - pointless - void
    expected = Counter[Reason](fault for fault in faults if fault)
    expected.update({"fabricated": pointless, "altered": turned})
    assert +checked.dropped == +expected
    assert turned <= sum(claim.code == "AX1" for claim in composition.claims)


def test_a_claim_about_the_tagged_keeps_its_code() -> None:
    """The code is the claim's where a supporting utterance is tagged with it in its polarity, else it is not."""
    assert _check(_composed(Pointer(id="u1"), code="AX1")).claims[0].code == "AX1"
    for code in ("AX2", "anxiety", "'; DROP TABLE code"):
        assert _check(_composed(Pointer(id="u1"), code=code)).claims[0].code is None
    assert _check(_composed(Pointer(id="u3"), code="AX1")).claims[0].code is None


def test_who_denies_contradicts() -> None:
    """An utterance that is tagged with the opposite stands against the claim, wherever the model put it."""
    claim = _check(_composed(Pointer(id="u1"), Pointer(id="u2"), code="AX1")).claims[0]
    assert [quote.ranked for quote in claim.supporting] == [SAID[0]]
    assert [quote.ranked for quote in claim.contradicting] == [SAID[1]]
    denied = _check(_composed(Pointer(id="u2"), against=(Pointer(id="u1"),), code="AX1", polarity="denied")).claims[0]
    assert [quote.ranked for quote in denied.supporting] == [SAID[1]]
    assert [quote.ranked for quote in denied.contradicting] == [SAID[0]]


def test_a_claim_whose_evidence_says_the_opposite_is_gone() -> None:
    """Words that are turned round are an alteration."""
    checked = _check(_composed(Pointer(id="u2"), code="AX1"))
    assert (checked.claims, dict(checked.dropped)) == ((), {"altered": 1})


def test_the_reasons_are_told_apart() -> None:
    """An unknown id, an interviewer's turn and a sentence that is not there are three things."""
    checked = _check(_composed(Pointer(id="u9"), Pointer(id="q1"), Pointer(id="u1", sentences=(4,)), Pointer(id="q2")))
    assert checked.claims == ()
    assert dict(checked.dropped) == {"unknown_reference": 2, "wrong_speaker": 1, "fabricated": 1}


def test_prose_without_evidence_is_gone() -> None:
    """A claim that points at nothing is made up."""
    checked = _check(_composed())
    assert (checked.claims, dict(checked.dropped)) == ((), {"fabricated": 1})


def test_sentence_numbers_become_the_words_between() -> None:
    """Named sentences are quoted as they stand, without what is far from them."""
    span = _check(_composed(Pointer(id="u1", sentences=(3, 2)))).claims[0].supporting[0].span
    assert SAID[0].candidate.text[span.start : span.end] == "Mein Geld könnte weg sein. Das war es."
    apart = _check(_composed(Pointer(id="u4", sentences=(1, 3, 8)))).claims[0].supporting[0].span
    assert SAID[3].candidate.text[apart.start : apart.end] == "Eins. Zwei. Drei."


def test_the_server_chooses_where_too_much_is_named() -> None:
    """Nobody is quoted at length because a model named every sentence."""
    spans = WHOLE | {"u4": Span(6, 11)}
    checked = check(_composed(Pointer(id="u4", sentences=tuple(range(1, 9)))), OFFERED, spans)
    assert checked.claims[0].supporting[0].span == Span(6, 11)


@given(st.lists(st.integers(1, 30)))
def test_a_run_is_dense(numbers: list[int]) -> None:
    """A run begins and ends with a named sentence and never leaves out two in a row."""
    run = densest_run(numbers)
    assert bool(run) == bool(numbers)
    if run:
        assert {run[0], run[-1]} <= set(numbers)
        assert all({place, place + 1} & set(numbers) for place in run[:-1])


def test_what_a_model_adds_is_not_read() -> None:
    """A field of its own, such as a quote, changes nothing; a form that is wrong is refused."""
    claim = {"text": "x", "evidence": [{"id": "u1", "quote": "made up"}], "quote": "made up"}
    assert Composition.model_validate({"claims": [claim], "note": 1}).claims[0].evidence == (Pointer(id="u1"),)
    with pytest.raises(ValidationError):
        Composition.model_validate({"claims": [{"text": "x", "evidence": ["u1"]}]})
    assert Composition.model_json_schema()["additionalProperties"] is False


def test_ids_of_the_offered() -> None:
    """Ids count up; a question has one of its own where there is one."""
    assert [(item.id, item.asked) for item in OFFERED] == [("u1", "q1"), ("u2", None), ("u3", "q3"), ("u4", None)]
