"""Every claim of chapter 05, decided here as a learner would: the verdict and its figures."""

import pytest

import pvt
from pvt import course
from pvt.ledger import verdict

DEADLOCK = course.load("deadlock")


def test_deadlock_two_orders(python):
    entry = verdict("deadlock.two-orders", python=python)
    assert entry.value == "holds"
    assert "each thread held the lock that the other wanted" in entry.because


def test_deadlock_one_order(python):
    entry = verdict("deadlock.one-order", python=python)
    assert entry.value == "holds"
    assert "all 3,035 schedules with up to 3 preemptions end" in entry.because
    assert "with opposite orders 4 of 28 get stuck" in entry.because


def test_deadlock_time_outs(python):
    entry = verdict("deadlock.time-outs", python=python)
    assert entry.value in ("holds", "not decided")
    assert "10 of 10 rounds ended" in entry.because
    assert entry.value == "holds" or "the threads met in too few rounds" in entry.because


def test_race_search_finds(python):
    entry = verdict("race.search-finds", python=python)
    assert entry.value == "holds"
    assert "4 of 6 schedules that the language allows lose an addition" in entry.because


def test_with_one_order_no_round_gets_stuck():
    rows = pvt.run("deadlock", rounds=10).rows
    assert not any(row["stuck"] for row in rows if row["way"] != "two orders")
    assert all(row["transfers"] == row["expected"] for row in rows if not row["stuck"])


@pytest.mark.parametrize(
    ("holds", "wants", "stuck"),
    [("ab", "ba", True), ("aa", "bb", False), ([None, "b"], "ba", False), ("ab", "bc", False)],
)
def test_only_a_circle_is_a_deadlock(holds, wants, stuck):
    bank = DEADLOCK.Bank()
    bank.holds, bank.wants = list(holds), list(wants)
    assert DEADLOCK.in_a_circle(bank) is stuck


def test_a_search_that_was_cut_short_decides_nothing():
    module = course.load("lock_orders")
    rows = pvt.run("lock_orders", preemptions=0).rows
    assert module.never_stuck([row | {"complete": False} for row in rows])[0] is None
    assert module.never_stuck([row | {"stuck": 1, "why": "so"} for row in rows])[0] is False


def test_no_preemption_no_deadlock_between_two():
    rows = pvt.run("lock_orders", preemptions=0).rows
    assert [row["stuck"] for row in rows[:2]] == [0, 0]


def test_on_one_core_too(monkeypatch):
    import os

    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system pins no process to a core")
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert verdict("deadlock.two-orders").value == "holds"
    finally:
        os.sched_setaffinity(0, allowed)
