"""Workers that share a queue, freeze, and wake: each job is done once."""

import signal
from pathlib import Path

import pytest
from workplace import ALL_DONE, LONGEST_WAIT_S, SPOKEN, TIME_PASSES, Workplace, make_study

JOBS = 40
HEARS = "SELECT EXISTS (SELECT 1 FROM ingest_run WHERE stage = 'transcribe')"


def test_two_workers_do_forty_jobs_once(workplace: Workplace, tmp_path: Path) -> None:
    """None is left out, none is taken twice, and all comes out as from one alone."""
    undisturbed = workplace.prepare(make_study(tmp_path / "study", texts=JOBS))
    with workplace.worker() as one, workplace.worker() as other:
        workplace.wait_until(ALL_DONE, one)
        for worker in (one, other):
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(LONGEST_WAIT_S) == 0
    assert workplace.result() == undisturbed
    assert workplace.publications() == {1}
    assert workplace.rows("SELECT attempts, count(*) FROM ingest_run GROUP BY attempts") == [(1, JOBS)]


@pytest.mark.models
def test_who_froze_while_it_heard_publishes_nothing(workplace: Workplace, tmp_path: Path) -> None:
    """Its lease is over and another one has published; what it heard is thrown away when it wakes."""
    undisturbed = workplace.prepare(make_study(tmp_path / "study", recordings=[SPOKEN]))
    with workplace.worker() as frozen:
        workplace.wait_until(HEARS, frozen)
        frozen.send_signal(signal.SIGSTOP)
        workplace.execute(*TIME_PASSES)
        workplace.finish()
        versions = workplace.rows("SELECT id, created_at FROM transcript")
        frozen.send_signal(signal.SIGCONT)
        frozen.send_signal(signal.SIGTERM)
        assert frozen.wait(LONGEST_WAIT_S) == 0
    assert workplace.rows("SELECT id, created_at FROM transcript") == versions
    assert workplace.result() == undisturbed
    assert workplace.publications() == {1}
