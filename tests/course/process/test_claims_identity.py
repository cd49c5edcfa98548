"""The claims of chapters 01 and 02 on ids, decided here as a learner would."""

import re

import pytest
from deciding import verdict

import pvt
from pvt import ledger
from pvt.course.process import identity
from pvt.course.thread import tree

pytestmark = pytest.mark.usefixtures("nothing_left")
LINUX = pvt.facts(others=False)["system"] == "linux"


def test_process_pid(python):
    entry = verdict("process.pid", python=python)
    assert entry.value == "holds"
    assert entry.because == "15 processes and their starter had 16 different pids."


def test_thread_tid(python):
    entry = verdict("thread.tid", python=python)
    assert entry.value == "holds"
    assert entry.because.startswith("none of 15 threads had the same id as another that was alive.")


def test_thread_tid_again(python):
    entry = verdict("thread.tid-again", python=python)
    again = re.match(r"(\d+) of 15 threads", entry.because)
    assert entry.value == ("fails" if again and int(again[1]) else "not decided")


def test_thread_pid(python):
    entry = verdict("thread.pid", python=python)
    assert entry.value == "holds"
    assert "15 threads reported 1 pid" in entry.because


def test_thread_inside(python):
    entry = verdict("thread.inside", python=python)
    assert entry.value == ("holds" if LINUX else "not decided")


def test_without_proc_the_tree_is_what_python_tells(monkeypatch):
    monkeypatch.setenv("PVT_WITHOUT", "/proc")
    run = pvt.run("tree", processes=1, threads=1)
    assert [row["python_name"] for row in run.rows] == ["MainThread", "thread 1", "MainThread"]
    assert "there is no /proc to ask" in run.draw().sentence
    entry = ledger.verdict("thread.inside")
    assert (entry.value, entry.because) == (
        "not decided",
        "this system has no /proc that lists threads.",
    )


def row(kind, pid, thread_id, wave=1):
    return {
        "workers_are": kind,
        "wave": wave,
        "starter": 1,
        "pid": pid,
        "thread_id": thread_id,
        "native_id": thread_id,
    }


def test_two_living_workers_with_one_id_would_fail_the_claims():
    assert identity.own_pid([row("process", 5, 0), row("process", 5, 0)])[0] is False
    assert identity.own_pid([row("process", 1, 0)])[0] is False
    assert identity.own_thread_id([row("thread", 1, 9), row("thread", 1, 9)])[0] is False
    assert identity.pid_of_the_house([row("thread", 2, 9)])[0] is False


def test_an_id_that_a_later_worker_gets_is_no_double():
    assert identity.own_thread_id([row("thread", 1, 9, 1), row("thread", 1, 9, 2)])[0] is True
    assert identity.own_pid([row("process", 5, 0, 1), row("process", 5, 0, 2)])[0] is True


def test_ids_that_were_not_used_again_decide_nothing():
    assert identity.never_again([row("thread", 1, 8, 1), row("thread", 1, 9, 2)])[0] is None


def listed(native, pid, system_lists_it=True):
    return {"pid": pid, "native_id": native, "python_name": "x", "system_lists_it": system_lists_it}


def test_a_thread_in_two_processes_or_in_none_would_fail_the_claim():
    assert tree.inside([listed(3, 1), listed(3, 2)])[0] is False
    assert tree.inside([listed(3, 1, False)])[0] is False
    assert tree.inside([listed(3, 1), listed(4, 2)])[0] is True


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([listed(1, 1), listed(2, 2)], 0),
        ([listed(1, 1), listed(3, 1), listed(2, 2)], 1),
        ([listed(1, 1), listed(3, 1), listed(3, 3)], 2),
        ([listed(1, 1), listed(3, 1, None)], None),
    ],
)
def test_the_outcome_is_where_the_system_lists_threads(rows, at):
    assert tree.outcome(rows) == (None if at is None else tree.OUTCOMES[at])


def test_the_helpers_of_multiprocessing_are_in_the_tree(python):
    rows = pvt.run("tree", python=python, processes=1, threads=0).rows
    helpers = [row for row in rows if not row["started_here"]]
    assert len({row["pid"] for row in rows}) == len(helpers) + 2
    assert (
        len(helpers)
        == {"fork": 0, "forkserver": 2, "spawn": 1}[
            pvt.run("tree", python=python).host["start_method"]
        ]
    )


def test_the_outcome_is_the_number_that_comes_back_first():
    def made(thread_ids, pids):
        threads = [row("thread", 1, id, wave) for wave, id in enumerate(thread_ids, 1)]
        processes = [row("process", pid, 5, wave) for wave, pid in enumerate(pids, 1)]
        return [one | {"native_id": at} for at, one in enumerate(threads + processes)]

    assert identity.outcome(made([1, 2, 1], [1, 2, 3])) == "The thread id"
    assert identity.outcome(made([1, 2, 3], [1, 2, 3])) == "None: every number is new"
    assert identity.outcome(made([1, 2, 1], [1, 1, 3])) == "The pid"
    assert identity.outcome(made([1, 2, 1], [])) is None
