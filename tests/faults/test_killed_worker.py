"""Workers that are killed, at any place of their work: others end it as if nothing had been, and nothing is twice."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from workplace import LONGEST_WAIT_S, SPOKEN, TIME_PASSES, Workplace, make_study

from ingest.runs import LEASE, MOST_ATTEMPTS, REST
from ingest.tasks import SWEEP_EVERY_S

MOMENTS = ("before", "during", "after")
Strikes = list[tuple[str, str]]


def survive(workplace: Workplace, study: Path, strikes: Strikes) -> None:
    """Kill one worker after the other, each at its place, and let the last one end the work."""
    undisturbed = workplace.prepare(study)
    for strike in strikes:
        with workplace.worker(*strike) as victim:
            assert victim.wait(LONGEST_WAIT_S) == -9, strike
        workplace.execute(*TIME_PASSES)
    workplace.finish()
    assert workplace.result() == undisturbed
    assert workplace.publications() == {1}


@pytest.mark.models
def test_killed_while_it_hears(workplace: Workplace, tmp_path: Path) -> None:
    """Before, during and after the commits that begin to transcribe, tell the progress and store the transcript."""
    strikes = [*product(MOMENTS, ("transcribe",)), ("after", "listening"), ("before", "parse")]
    np.random.default_rng(1).shuffle(strikes)
    strikes += [("during", "parse"), ("after", "parse")]
    survive(workplace, make_study(tmp_path / "study", recordings=[SPOKEN] * 3), strikes)


def test_killed_while_it_reads(workplace: Workplace, tmp_path: Path) -> None:
    """Before, during and after the commits that take a run, begin to tag and to embed, publish, and round off."""
    strikes = list(product(MOMENTS, ("claim", "tag", "embed", "published")))
    np.random.default_rng(2).shuffle(strikes)
    strikes += product(MOMENTS, ("calibration",))
    survive(workplace, make_study(tmp_path / "study", texts=6), strikes)


@pytest.mark.models
@pytest.mark.parametrize("seed", [3, 4])
def test_killed_anywhere(workplace: Workplace, tmp_path: Path, seed: int) -> None:
    """Before any statement that it would send, in a transaction or between two."""
    places = np.random.default_rng(seed).integers(2, 60, MOST_ATTEMPTS - 1)
    strikes = [("statement", str(place)) for place in places]
    survive(workplace, make_study(tmp_path / "study", texts=3, recordings=[SPOKEN]), strikes)


def test_what_a_killed_worker_had_is_taken_up_within_a_minute(workplace: Workplace, tmp_path: Path) -> None:
    """Nothing has to be set into the past for that: its lease ends, and the next sweep finds it."""
    workplace.prepare(make_study(tmp_path / "study", texts=1))
    with workplace.worker("after", "embed") as victim:
        assert victim.wait(LONGEST_WAIT_S) == -9
    workplace.execute("CREATE TABLE death AS SELECT clock_timestamp() AS at")
    workplace.finish()
    taken_up_s = workplace.rows("SELECT extract(epoch FROM published_at - at) FROM interview, death")[0][0]
    assert LEASE.total_seconds() + REST.total_seconds() + SWEEP_EVERY_S < 60
    assert taken_up_s < 60
