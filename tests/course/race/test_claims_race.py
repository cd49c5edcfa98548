"""Every claim of chapter 04, decided here as a learner would: the verdict and its figures."""

import re

import pytest
from deciding import found, measured, verdict

from pvt import course, host
from pvt.course.race import orders

GIL = host.facts(others=False)["gil"]


def test_race_unlocked_loses(python):
    entry = measured("race.unlocked-loses", python)
    lost = sum(row["lost"] for run in found("race.unlocked-loses", python).runs for row in run.rows)
    assert entry.value == ("holds" if lost else "not decided")
    assert re.match(r"[\d,]+ of [\d,]+ additions lost", entry.because)


def test_race_plus_equals():
    entry = verdict("race.plus-equals")
    if GIL:
        assert entry.value == "not decided"
        assert "the language does not promise it" in entry.because
    else:
        assert entry.value == "holds"


def test_race_hard_to_reproduce():
    entry = measured("race.hard-to-reproduce")
    hit, of = map(int, re.search(r"(\d+) of (\d+) rounds", entry.because).groups())
    assert entry.value == ("holds" if hit < of / 2 else "fails")


def test_lock_exact(python):
    entry = verdict("lock.exact", python=python)
    assert entry.value == "holds"
    assert "10 of 10 totals exact" in entry.because


def test_lock_cost():
    assert "ns with a lock" in measured("lock.cost").because


def test_sync_remedies():
    assert verdict("sync.remedies").value == "holds"


def test_orders_lost():
    entry = measured("orders.lost")
    assert entry.value == ("holds" if re.search("lost [1-9]", entry.because) else "not decided")


def test_orders_processes_safe(python):
    entry = measured("orders.processes-safe", python)
    assert entry.value in ("fails", "not decided")
    assert "the file is shared" in entry.because or "no loss was seen" in entry.because


def test_orders_transaction(python):
    entry = measured("orders.transaction", python)
    assert entry.value in ("holds", "not decided")
    assert entry.because.count("lost 0 of") == 2


def test_sync_processes_none():
    assert measured("sync.processes-none").value in ("fails", "not decided")


def lost(body="read, call, write", lost=0, **more):
    row = {"body": body, "expected": 1_000, "lost": lost, "may_switch": True}
    return row | more


@pytest.mark.parametrize(
    ("claim", "rows", "answer"),
    [
        ("race.unlocked-loses", [lost(), lost(lost=1)], True),
        ("race.unlocked-loses", [lost(), lost()], False),  # of a "can": not decided
        ("race.hard-to-reproduce", [lost(), lost(), lost(lost=1)], True),
        ("race.hard-to-reproduce", [lost(lost=9), lost(lost=1)], False),
    ],
)
def test_losses_decide(claim, rows, answer):
    check = next(one.check for one in course.load("race").CLAIMS if one.id == claim)
    assert check(rows)[0] is answer


@pytest.mark.parametrize(
    ("threads", "processes", "answer"),
    [(40, 10, 0), (10, 40, 1), (40, 36, 2), (0, 0, None), (0, 10, 1)],
)
def test_the_outcome_is_who_loses_more_orders(threads, processes, answer):
    rows = [
        {"workers_are": kind, "way": "read, then write", "expected": 100, "lost": lost}
        for kind, lost in (("thread", threads), ("process", processes))
    ]
    assert orders.outcome(rows) == (None if answer is None else orders.OUTCOMES[answer])
    assert orders.outcome(rows[:1]) is None
