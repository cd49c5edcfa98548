"""Replays: rows for every bytecode, prefixes, grains, and what is not possible."""

import json

import pytest
from pythons import HERE, VERSIONS, ask

from pvt.stepper.puzzles import load

COUNTER = load("lost_update").broken
LOCKS = load("two_locks").broken
KEPT = """
from threading import Lock
from types import SimpleNamespace

def setup():
    return SimpleNamespace(key=Lock(), other=Lock())

def work(shared):
    with shared.key, shared.other:
        pass

THREADS = [work, work]
"""


def replay(version=HERE, source=COUNTER, **params):
    """The rows of a replay."""
    rows = ask(version, "replay", source=source, **params)
    assert all(row.keys() == rows[0].keys() for row in rows)
    return rows


@pytest.mark.parametrize("version", VERSIONS)
def test_a_found_schedule_is_shown_as_bytecodes_that_replay_as_such(version):
    rows = replay(version, schedule=[0, 1, 1, 0])
    steps = [row for row in rows if row["kind"] == "step"]
    assert rows[0]["kind"] == "start" and rows[-1]["ending"] == "broken"
    assert [row["bytecode"] for row in steps if row["access"]] == [
        "LOAD_ATTR visitors",
        "LOAD_ATTR visitors",
    ] + ["STORE_ATTR visitors"] * 2
    assert json.loads(rows[-1]["shared"]) == {"visitors": "1"}
    again = replay(version, schedule=[row["thread"] for row in steps], grain="bytecode")
    assert again[-1]["ending"] == "broken"
    assert [row["bytecode"] for row in again] == [row["bytecode"] for row in rows]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_prefix_is_stepping_and_grows_by_one_step(version):
    full = [
        row["thread"] for row in replay(version, schedule=[0, 1, 1, 0]) if row["kind"] == "step"
    ]
    for length in range(len(full)):
        rows = replay(version, schedule=full[:length], grain="bytecode")
        assert rows[-1]["ending"] == "stepping" and rows[-1]["step"] == length
        assert json.loads(rows[-1]["choices"]) == [
            n for n in (0, 1) if rows[-1][f"state_{n}"] == "runnable"
        ]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_blocked_thread_says_why(version):
    last = replay(version, LOCKS, schedule=[0, 0, 0, 1, 0, 0], grain="bytecode")[-1]
    assert (last["state_1"], last["why_1"]) == (
        "blocked",
        "is waiting for the lock bob that thread 0 holds",
    )
    assert last["choices"] == "[0]" and json.loads(last["shared"])["ann"] == "held by thread 0"
    assert replay(version, LOCKS, schedule=[0, 1])[-1]["ending"] == "deadlock"


@pytest.mark.parametrize("version", VERSIONS)
def test_lines_are_steps_too(version):
    rows = replay(version, schedule=[0, 1], grain="line", finish=True)
    assert rows[-1]["ending"] in ("safe", "broken")
    assert {row["source"] for row in rows if row["kind"] == "step"} == {"shared.visitors += 1"}


def test_what_is_not_possible_says_why():
    blocked = replay(source=KEPT, schedule=[0, 1])[-1]
    assert blocked["ending"] == "impossible"
    assert blocked["because"] == "step 2: thread 1 is waiting for the lock key that thread 0 holds"
    assert "thread 7 does not exist" in replay(schedule=[7])[-1]["because"]
    inside = replay(schedule=[0, 1], world="interpreter")[-1]
    assert inside["ending"] == "impossible" and "lets no other thread in here" in inside["because"]


def test_the_interpreter_offers_only_what_it_does():
    assert replay(schedule=[0], world="interpreter")[-1]["choices"] == "[0]"
    assert replay(schedule=[0], world="language")[-1]["choices"] == "[0, 1]"


def test_a_schedule_of_other_things_is_refused():
    from pvt.stepper.replaying import plan_of

    assert plan_of("[0, 1]") == plan_of([0, 1]) == ([0, 1], [])
    assert plan_of(["+items", 0, "1*3"]) == ([0, 1, 1, 1], ["items"])
    with pytest.raises(ValueError, match="not a list of thread numbers"):
        plan_of(["a"])
