"""The claims of chapters 01 and 02 on who sees which memory, decided here as a learner would."""

import re

import pytest
from deciding import verdict

import pvt
from pvt import ledger
from pvt.course.process import fork_copies, memory
from pvt.runner import Running

pytestmark = pytest.mark.usefixtures("nothing_left")
LINUX = pvt.facts(others=False)["system"] == "linux"
on_linux = pytest.mark.skipif(not LINUX, reason="needs /proc")


def test_thread_shared(python):
    entry = verdict("thread.shared", python=python)
    assert entry.value == "holds"
    assert "S, SA, SAB, SABC, SABC; one object" in entry.because


def test_process_not_shared(python):
    entry = verdict("process.not-shared", python=python)
    assert entry.value == "holds"
    assert "spawn: SC" in entry.because
    assert entry.because.endswith("what the starter found afterwards – S.")


@on_linux
def test_process_fork_copies(python):
    entry = verdict("process.fork-copies", python=python)
    assert entry.value == "fails"
    own, all_ = re.match(
        r"right after the fork ([\d.]+) of the child's ([\d.]+) MiB", entry.because
    ).groups()
    assert float(own) < 0.1 * float(all_)


@on_linux
def test_process_fork_writes(python):
    entry = verdict("process.fork-writes", python=python)
    assert entry.value == "holds"
    assert "32 MiB in 8 parts" in entry.because


@on_linux
def test_process_fork_reading(python):
    entry = verdict("process.fork-reading", python=python)
    assert entry.value == "fails"
    plain, things = re.search(
        r"of bytes cost ([\d.]+) MiB, .* objects ([\d.]+) MiB", entry.because
    ).groups()
    assert float(plain) < float(things) / 4


@on_linux
def test_the_parents_pages_become_its_own_too():
    rows = [row for row in pvt.run("fork_copies").rows if row["child"] == "writes bytes"]
    grown = rows[8]["parent_private"] - rows[0]["parent_private"]
    assert 0.9 < grown / rows[0]["buffer"] < 1.1
    assert all(row["child_shared"] + row["child_private"] == row["child_resident"] for row in rows)


@pytest.mark.parametrize("missing", ["fork", "/proc"])
def test_where_something_is_missing_the_verdict_says_so(missing, monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", missing)
    entries = ledger.verdict("fork_copies")
    assert {entry.value for entry in entries} == {"not decided"}
    assert {entry.because for entry in entries} == {f"this needs {missing}, which is not here."}


def test_a_system_that_tells_no_sizes_decides_nothing():
    row = {
        "child": "reads bytes",
        "buffer": 8,
        "touched": 0,
        **dict.fromkeys(["child_private", "child_shared"]),
    }
    rows = [
        row | {"child": case, "touched": touched}
        for case in fork_copies.CASES
        for touched in (0, 8)
    ]
    for claim in fork_copies.CLAIMS:
        assert claim.check(rows) == fork_copies.UNTOLD
    assert fork_copies.outcome(rows) is None
    assert "unknown here" in fork_copies.sentence(rows)


@pytest.mark.parametrize(
    ("begin", "ends", "outcome"),
    [
        (8, (8, 8, 8), "All of the buffer, from the start"),
        (0, (0, 8, 0), "Only what it writes, objects or bytes"),
        (0, (0, 8, 8), "What it writes, and objects that it reads"),
    ],
)
def test_the_outcome_is_what_the_child_has_of_its_own(begin, ends, outcome):
    mib = fork_copies.MIB
    rows = [
        {"child": case, "buffer": 8 * mib, "touched": touched * mib, "child_private": own * mib}
        for case, end in zip(fork_copies.CASES, ends, strict=True)
        for touched, own in ((0, begin), (8, end))
    ]
    assert fork_copies.outcome(rows) == outcome
    said = fork_copies.sentence(rows)
    assert said.startswith(f"The child's own memory at the end: reads bytes, {ends[0]:.1f} MiB; ")


@on_linux
def test_what_earlier_cases_leave_is_gone_before_the_next(python):
    """Memory that the C library kept would be trimmed during the measurement (seen on 3.12: 65
    MiB too much)."""
    rows = pvt.run("fork_copies", python=python).rows
    assert all(row["child_resident"] < row["buffer"] + (24 << 20) for row in rows)
    assert all(row["child_private"] < 4 << 20 for row in rows if row["child"] == "reads bytes")


@on_linux
def test_half_a_gibibyte_is_enough():
    running = Running("fork_copies", {"buffer_mib": 128}, memory=512 << 20)
    assert len(list(filter(None, running))) == 54
    assert running.ending == "finished"


def rows_of(kind, started_by, *views, pid=1):
    who = ["starter before", "worker A", "starter after"]
    return [
        {
            "workers_are": kind,
            "started_by": started_by,
            "seen_by": seen_by,
            "sees": sees,
            "object_id": 7,
            "pid": pid,
        }
        for seen_by, sees in zip(who, views, strict=True)
    ]


def test_a_process_whose_mark_comes_back_would_fail_the_claim():
    assert memory.not_shared(rows_of("process", "fork", "S", "SA", "SA"))[0] is False
    assert memory.not_shared(rows_of("process", "fork", "S", "SA", "S"))[0] is True


def test_a_process_that_does_not_answer_decides_nothing():
    rows = rows_of("process", "fork", "S", None, "S", pid=None)
    assert memory.not_shared(rows) == (None, "no answer from a worker (process, fork).")


def test_a_thread_whose_mark_is_missing_would_fail_the_claim():
    assert memory.shared(rows_of("thread", "", "S", "SA", "S"))[0] is False
    assert memory.shared(rows_of("thread", "", "S", "SA", "SA"))[0] is True


def test_one_worker_and_five():
    for workers in (1, 5):
        run = pvt.run("memory", workers=workers)
        assert run.rows[workers + 1]["sees"] == "SABCDE"[: workers + 1]
        assert memory.outcome(run.rows) == "The starter's mark and its own"


@pytest.mark.parametrize(("last", "at"), [("SA", 1), ("A", 0), ("SBA", 2)])
def test_the_outcome_is_what_the_last_process_finds(last, at):
    assert memory.outcome(rows_of("process", "fork", "S", last, "S")) == memory.OUTCOMES[at]
