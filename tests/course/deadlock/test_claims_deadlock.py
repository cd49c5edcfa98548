"""Every claim of chapter 05, decided here as a learner would: the verdict and its figures."""

import os
import re

import pytest
from deciding import measured, verdict

import pvt
from pvt import course

DEADLOCK = course.load("deadlock")
CHECKS = {claim.id: claim.check for claim in DEADLOCK.CLAIMS}


def test_deadlock_two_orders(python):
    entry = measured("deadlock.two-orders", python)
    assert entry.value in ("holds", "not decided")
    assert (
        "each thread held the lock that the other wanted" in entry.because
        or "this time" in entry.because
    )


def test_deadlock_one_order(python):
    entry = verdict("deadlock.one-order", python=python)
    assert entry.value == "holds"
    assert "all 10 schedules with up to 3 preemptions end" in entry.because
    assert "with opposite orders 2 of 4 get stuck" in entry.because


def test_deadlock_time_outs(python):
    entry = measured("deadlock.time-outs", python)
    assert re.search(r"(\d+) of \1 rounds ended", entry.because)
    assert entry.value == "not decided" or "one transfer took" in entry.because
    assert entry.value != "not decided" or "the threads met in too few rounds" in entry.because


def test_race_search_finds(python):
    entry = verdict("race.search-finds", python=python)
    assert entry.value == "holds"
    assert "2 of 4 schedules that the language allows lose an addition" in entry.because


def rounds(way, stuck=False, seconds_each=1e-6, gave_up=3):
    row = {
        "way": way,
        "stuck": stuck,
        "seconds_each": seconds_each,
        "gave_up": gave_up,
        "transfers": 10,
    }
    return [row] * 4


@pytest.mark.parametrize(
    ("rows", "answer", "because"),
    [
        (rounds("time-outs") + rounds("one order", seconds_each=5e-7), True, "4 of 4 rounds ended"),
        (
            rounds("time-outs", seconds_each=4e-7) + rounds("one order", seconds_each=5e-7),
            False,
            "one transfer took",
        ),
        (rounds("time-outs", gave_up=0) + rounds("one order"), None, "met in too few rounds"),
        (rounds("time-outs", stuck=True) + rounds("one order"), False, "0 of 4 rounds ended"),
    ],
)
def test_time_outs_are_judged_by_their_price(rows, answer, because):
    text = CHECKS["deadlock.time-outs"](rows)
    assert text[0] is answer
    assert because in text[1]


def test_one_round_that_gets_stuck_is_enough():
    assert (
        CHECKS["deadlock.two-orders"](rounds("two orders") + rounds("two orders", stuck=True))[0]
        is True
    )
    assert (
        CHECKS["deadlock.two-orders"](rounds("two orders"))[0] is False
    )  # of a "can": not decided


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


def test_on_one_core_too():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system pins no process to a core")
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        rows = pvt.run("deadlock", rounds=2, seconds=100).rows
        seen = any(row["stuck"] for row in rows if row["way"] == "two orders")
        assert CHECKS["deadlock.two-orders"](rows)[0] is seen
        assert not any(row["stuck"] for row in rows if row["way"] != "two orders")
    finally:
        os.sched_setaffinity(0, allowed)
