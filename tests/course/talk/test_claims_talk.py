"""Every claim of chapter 03, decided here as a learner would: the verdict and its figures."""

import re

import pytest
from deciding import measured, verdict

import pvt
from pvt import host, runner
from pvt.course import load
from pvt.course.talk import ways

MB = 1_000_000


def test_talk_threads_direct(python):
    entry = verdict("talk.threads-direct", python=python)
    assert entry.value == "holds"
    assert "7 of 7 rounds" in entry.because or re.search(r"in (\d+) of \1 rounds", entry.because)


def test_talk_processes_ipc(python):
    entry = verdict("talk.processes-ipc", python=python)
    assert entry.value == "holds"
    assert "the sender saw 0 of these changes" in entry.because


def test_talk_pickling():
    assert "of queue" in measured("talk.pickling").because


def test_talk_cost(python):
    entry = measured("talk.cost", python)
    assert re.search(r"\d+ [kM]B: (thread's queue|shared memory|queue|pipe|socket)", entry.because)


def test_talk_cost_small():
    entry = measured("talk.cost-small")
    assert entry.because.startswith(("1 B: ", "no clear difference"))
    assert entry.value != "fails" or "Waking the receiver is the cost here" in entry.because


def test_talk_processes_can_share(python):
    entry = verdict("talk.processes-can-share", python=python)
    assert entry.value == "holds"
    assert re.search(r"read (\d+) of \1 notes that \1 other processes", entry.because)


def test_talk_sharing_races(python):
    entry = measured("talk.sharing-races", python)
    if entry.value == "holds":
        assert re.search("processes lost [1-9]", entry.because)
    else:
        assert entry.value == "not decided" and "processes lost 0 of" in entry.because


def test_talk_sharing_lock():
    entry = verdict("talk.sharing-lock")
    assert entry.value in ("holds", "not decided")
    assert "processes lost 0 of" in entry.because


@pytest.fixture(scope="module")
def talk():
    run = pvt.run("talk", largest_kb=1_000, budget=2)
    assert run.ending == "finished", run.noise
    return run


def test_every_message_comes_whole(talk):
    assert all(row["whole"] for row in talk.rows)
    assert {row["way"] for row in talk.rows} == set(ways.WAYS)


def test_the_sentence_says_what_was_left_out_for_time():
    rows = pvt.run("talk", budget=1).rows
    sizes = {row["size"] for row in rows}
    if max(sizes) < 64 * MB:
        assert "Larger ones left out: 1 s are too short." in load("talk").sentence(rows)


def test_a_small_machine_leaves_out_what_does_not_fit(monkeypatch):
    monkeypatch.setattr(host, "memory", lambda: 512 * MB)
    assert ways.possible(64 * MB, 6) == (512 * MB // 4 // 6, "memory is short")
    assert ways.possible(16 * MB, 6) == (16 * MB, None)


def test_memory_stays_below_512_mb():
    running = runner.Running("talk", {"budget": 6}, memory=512 * MB)
    rows = [row for row in running if row]
    assert running.ending == "finished", (running.ending, rows[-1])


def test_a_check_can_go_the_other_way():
    """Made-up rows in which the thread is slow at every size, a message is torn, and the sender
    sees a change."""
    talk, copies, sharing = load("talk"), load("copies"), load("sharing")
    base = {"whole": True, "pickling": 1e-6, "one_core": True, "left_out": None}
    rows = [
        {
            "round": 1,
            "size": size,
            "way": way,
            "seconds": 1.0 if way == "thread's queue" else 0.1,
            **base,
        }
        for size in (1, MB)
        for way in ways.WAYS
    ]
    assert [claim.check(rows)[0] for claim in talk.CLAIMS] == [False, False]
    assert talk.outcome(rows) == talk.OUTCOMES[2]
    rows = [
        row
        | {"round": 1, "message": "list", "items": 9, "change_seen": row["way"] != "thread's queue"}
        for row in rows
    ]
    assert [claim.check(rows)[0] for claim in copies.CLAIMS] == [False, False, False]
    row = {
        "way": "no lock",
        "workers": 2,
        "expected": 10,
        "notes_seen": 1,
        "processes": 2,
        "lost": 1,
    }
    rows = [row | {"workers_are": "process"}, row | {"workers_are": "process", "way": "lock"}]
    assert [claim.check(rows)[0] for claim in sharing.CLAIMS] == [False, True, False]
    rows = [one | {"lost": 0} for one in rows]
    assert [claim.check(rows)[0] for claim in sharing.CLAIMS] == [False, False, None]
