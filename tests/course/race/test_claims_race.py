"""Every claim of chapter 04, decided here as a learner would: the verdict and its figures."""

import re

import pytest

from pvt import host
from pvt.course.race import orders
from pvt.ledger import verdict

GIL = host.facts(others=False)["gil"]


def test_race_unlocked_loses(python):
    entry = verdict("race.unlocked-loses", python=python)
    assert entry.value == "holds"
    assert re.match(r"[\d,]+ of [\d,]+ additions lost", entry.because)


def test_race_plus_equals():
    entry = verdict("race.plus-equals")
    if GIL:
        assert entry.value == "not decided"
        assert "the language does not promise it" in entry.because
    else:
        assert entry.value == "holds"


def test_race_hard_to_reproduce():
    assert verdict("race.hard-to-reproduce").value == ("holds" if GIL else "fails")


def test_lock_exact(python):
    entry = verdict("lock.exact", python=python)
    assert entry.value == "holds"
    assert "10 of 10 totals exact" in entry.because


def test_lock_cost():
    assert verdict("lock.cost").value == "holds"


def test_sync_remedies():
    assert verdict("sync.remedies").value == "holds"


def test_orders_lost():
    assert verdict("orders.lost").value == "holds"


def test_orders_processes_safe(python):
    entry = verdict("orders.processes-safe", python=python)
    assert entry.value == "fails"
    assert "the file is shared" in entry.because


def test_orders_transaction(python):
    assert verdict("orders.transaction", python=python).value == "holds"


def test_sync_processes_none():
    assert verdict("sync.processes-none").value == "fails"


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
