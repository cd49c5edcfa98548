"""What a worker costs, decided here as a learner would: the verdict and its figures."""

import os

import pytest
from deciding import compared, measured

from pvt.course.thread import weight

PROC = os.path.exists("/proc/self/smaps_rollup")


def process_by_thread(rows):
    return compared(
        rows,
        "seconds",
        lambda row: row["worker"] == "process",
        lambda row: row["worker"] == "thread",
    )


def test_process_heavy(python):
    entry = measured("process.heavy", python)
    assert PROC or entry.value == "not decided"
    assert "start and end of a thread" in entry.because


def test_thread_light(python):
    measured("thread.light", python, process_by_thread)


def test_thread_memory(python):
    entry = measured("thread.memory", python)
    assert PROC or entry.value == "not decided"
    assert not PROC or "addresses, which is not memory" in entry.because


def made(thread, process, resident=16_000, heavy=1_000_000):
    """Rows as a run would give them, with these times and this memory."""
    times = [
        weight.row(kind, at, each)
        for at in range(4)
        for kind, each in (("thread", thread), ("process", process))
    ]
    memory = [
        weight.row("thread", None, None, resident, 8 << 20, 200),
        weight.row("process", None, None, heavy, 1, 4),
    ]
    return times + memory


@pytest.mark.parametrize(("process", "answer"), [(1e-3, True), (1.2e-4, None), (1e-5, False)])
def test_times_decide_which_is_lighter(process, answer):
    assert weight.lighter(made(1e-4, process))[0] is answer


def test_a_light_process_would_fail_the_claim():
    assert weight.heavier(made(1e-4, 1e-3, heavy=1_000))[0] is False
    assert weight.heavier(made(1e-4, 1e-5))[0] is False


def test_threads_of_a_megabyte_would_need_gigabytes():
    assert weight.gigabytes(made(1e-4, 1e-3, resident=1 << 20))[0] is True


def test_without_proc_memory_is_not_decided():
    rows = [one for one in made(1e-4, 1e-3) if one["resident"] is None]
    assert weight.gigabytes(rows)[0] is None
    assert weight.heavier(rows)[0] is None
