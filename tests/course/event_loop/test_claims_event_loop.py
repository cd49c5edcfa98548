"""Every claim of chapter 16, decided here as a learner would: the verdict and its figures."""

import sys
from importlib.util import find_spec

import pytest
from deciding import found, measured, verdict

from pvt import course

CHECKS = {
    claim.id: claim.check
    for name in (
        "awaiting",
        "blocked_loop",
        "siblings",
        "cancelling",
        "backlog",
        "many_waiting",
        "stuck",
    )
    for claim in course.load(name).CLAIMS
}


def test_asyncio_call_runs_nothing(python):
    entry = verdict("asyncio.call-runs-nothing", python)
    assert entry.value == "holds"
    assert "0 of them ran a line, and Python warned 5 times" in entry.because


def test_asyncio_awaits_in_a_row(python):
    entry = verdict("asyncio.awaits-in-a-row", python)
    assert entry.value == "holds"
    assert "none began before the one before it had ended" in entry.because


def test_asyncio_gather_overlaps(python):
    entry = verdict("asyncio.gather-overlaps", python)
    assert entry.value == "holds"
    assert entry.because.count("in 1 thread") == 3


def test_asyncio_task_vanishes(python):
    entry = verdict("asyncio.task-vanishes", python)
    assert entry.value == "holds"
    assert "5 of 5 such tasks were destroyed" in entry.because


def test_asyncio_blocking_stops_all():
    entry = verdict("asyncio.blocking-stops-all")
    assert entry.value == "holds"
    assert entry.because.count(": 0 beats") == 2


def test_asyncio_to_thread():
    assert "to_thread(Python code): " in measured("asyncio.to-thread").because


def test_asyncio_pauses():
    assert "with pauses: " in measured("asyncio.pauses").because


def test_asyncio_taskgroup_cancels(python):
    entry = measured("asyncio.taskgroup-cancels", python)
    assert (
        entry.value == "not decided"
        or "3 were cancelled; it raised ExceptionGroup" in entry.because
    )


def test_asyncio_gather_cancels(python):
    entry = measured("asyncio.gather-cancels", python)
    assert entry.value in ("fails", "not decided")
    assert "3 of the others sent their order" in entry.because


def test_asyncio_cancel_at_await(python):
    entry = measured("asyncio.cancel-at-await", python)
    assert entry.value in ("holds", "not decided")


def test_asyncio_time_out_ends_thread(python):
    entry = measured("asyncio.time-out-ends-thread", python)
    assert entry.value in ("fails", "not decided")
    assert "after the caller had gone on" in entry.because or "too busy" in entry.because


def test_asyncio_cancel_swallowed(python):
    assert measured("asyncio.cancel-swallowed", python).value in ("holds", "not decided")


def test_asyncio_unbounded_grows():
    entry = measured("asyncio.unbounded-grows")
    assert entry.value == "holds" or "too busy: nothing ran for " in entry.because
    assert "half-way" in entry.because


def test_asyncio_bounded_queue():
    entry = verdict("asyncio.bounded-queue")
    assert entry.value == "holds"
    assert "of 350 that were due" in entry.because  # by the clock, while the producer waits too
    rows = found("asyncio.bounded-queue").runs[0].rows
    assert max(row["waiting"] for row in rows if row["way"] != "no bound") <= 10
    assert all(row["came"] + row["refused"] <= row["due"] for row in rows)


def test_asyncio_race_at_await(python):
    entry = verdict("asyncio.race-at-await", python)
    assert entry.value == "holds"
    assert "0 of 2 orders without an await" in entry.because
    assert "2 of 4 with one that waits" in entry.because


def test_asyncio_lock_across_await(python):
    entry = verdict("asyncio.lock-across-await", python)
    assert entry.value == "holds"
    assert "in 0 of 4 orders" in entry.because


def test_asyncio_task_lighter():
    measured("asyncio.task-lighter")


def test_asyncio_task_sooner():
    measured("asyncio.task-sooner")


def test_asyncio_traceback_names(python):
    entry = verdict("asyncio.traceback-names", python)
    assert entry.value == "fails"
    assert "it shows the loop only" not in entry.because
    assert "faulthandler shows the loop only; of a call that blocks it names line" in entry.because


def test_asyncio_tasks_name(python):
    entry = verdict("asyncio.tasks-name", python)
    assert entry.value == "holds"
    assert entry.because.count("names line") == 2


def test_asyncio_pstree_names(python):
    entry = verdict("asyncio.pstree-names", python)
    here = python is None and find_spec("asyncio.tools") is None
    if here or python in ("3.11", "3.12", "3.13"):
        assert (entry.value, entry.because) == (
            "not decided",
            "it is not in this Python: it came with 3.14.",
        )
    else:  # the system may forbid to look into a process
        assert entry.value in ("holds", "not decided")


def beats(way, many):
    row = {"way": way, "at": 0.1, "during": True, "work": 0.2}
    return [row] * many or [row | {"during": False}]


@pytest.mark.parametrize(
    ("sleep", "code", "answer"), [(0, 0, True), (3, 0, True), (3, 5, False), (1, 0, None)]
)
def test_silence_stops_the_heart(sleep, code, answer):
    rows = beats("time.sleep", sleep) + beats("Python code", code) + beats("await asyncio.sleep", 9)
    assert CHECKS["asyncio.blocking-stops-all"](rows)[0] is (
        answer if sleep != 3 or code else False
    )


@pytest.mark.parametrize(
    ("looks", "answer"),
    [
        ([(0.1, 40), (0.2, 80), (0.3, 120), (0.4, 160), (0.5, 200), (0.6, 240), (0.7, 270)], True),
        ([(0.1, 40), (0.2, 20), (0.3, 30), (0.4, 20), (0.5, 30), (0.6, 20), (0.7, 30)], False),
        ([(0.1, 40), (0.2, 80), (0.3, 120), (0.8, 110)], None),
        ([(0.2, 0), (0.3, 40), (0.4, 80), (0.5, 110), (0.6, 150), (0.7, 190)], None),
    ],
)
def test_a_backlog_is_not_decided_where_nothing_ran(looks, answer):
    row = {"way": "no bound", "bound": 10, "memory": 0, "done": 1, "age": 0.1, "refused": 0}
    rows = [row | {"at": at, "waiting": waiting} for at, waiting in looks]
    assert CHECKS["asyncio.unbounded-grows"](rows)[0] is answer


def orders(way, fates, failed=0.03):
    for task, fate in enumerate(fates):
        end = failed if fate == "failed" else 0.2
        yield {
            "way": way,
            "task": task,
            "end": end,
            "fate": fate,
            "heard": 0.03,
            "raised": "E",
            "wait": 0.2,
        }


@pytest.mark.parametrize(
    ("claim", "way", "fates", "failed", "answer"),
    [
        ("taskgroup", "TaskGroup", ["failed", "cancelled", "cancelled"], 0.03, True),
        ("taskgroup", "TaskGroup", ["failed", "sent", "cancelled"], 0.03, False),
        ("taskgroup", "TaskGroup", ["failed", "sent", "sent"], 0.19, None),
        ("gather", "gather", ["failed", "sent", "sent"], 0.03, False),
        ("gather", "gather", ["failed", "cancelled", "cancelled"], 0.03, True),
    ],
)
def test_what_became_of_the_others_decides(claim, way, fates, failed, answer):
    check = CHECKS[f"asyncio.{claim}-cancels"]
    assert check(list(orders(way, fates, failed)))[0] is answer


def test_the_one_that_failed_is_not_counted_among_the_others():
    rows = [*orders("gather", ["sent", "failed", "sent"])]
    rows += orders("TaskGroup", ["failed", "cancelled", "cancelled"])
    said = course.load("siblings").sentence(rows)
    assert said == "After a failure the others still send: gather 2 of 2; TaskGroup 0 of 2."


@pytest.mark.parametrize("waits", [1, 3])
def test_the_number_of_waits_is_the_one_that_was_asked_for(waits):
    awaiting = course.load("awaiting")
    spans = {number: [0.0, 0.1, 1] for number in range(waits)}
    said = awaiting.sentence(list(awaiting.as_rows("gather", spans, 0, 0.0, 0.1)))
    assert said == f"Of 1 ways to make {waits} waits of 100 ms, 1 take as long as one."


def worked(way, timed_out, heard, ended, done):
    keys = ("way", "limit", "timed_out", "heard", "ended", "done")
    return dict(zip(keys, (way, 0.1, timed_out, heard, ended, done), strict=True))


@pytest.mark.parametrize(
    ("plain", "computing", "answer"),
    [
        (None, worked("computes, then awaits", True, 0.3, 0.3, None), True),
        (None, worked("computes, then awaits", False, 0.31, 0.31, 0.31), False),
        (None, worked("computes, then awaits", True, 0.1, 0.1, None), False),
        (0.3, worked("computes, then awaits", True, 0.3, 0.3, None), None),
    ],
)
def test_where_the_work_stops_decides(plain, computing, answer):
    rows = [worked("awaits", plain is None, 0.1, 0.1, plain), computing]
    assert CHECKS["asyncio.cancel-at-await"](rows)[0] is answer


@pytest.mark.parametrize(
    ("task", "thread", "answer"),
    [(1000, 9000, True), (1000, 1500, False), (1000, 2000, None), (None, 9000, None)],
)
def test_the_weights_decide(task, thread, answer):
    rows = [
        {"kind": kind, "asked": 500, "count": 500, "seconds": 1e-6, "memory": size, "why": ""}
        for kind, size in (("task", task), ("thread", thread))
    ]
    assert CHECKS["asyncio.task-lighter"](rows)[0] is answer


def test_a_limit_near_10_000_threads_is_named():
    many_waiting = course.load("many_waiting")
    row = {"kind": "thread", "asked": 10_000, "seconds": 1e-4, "memory": 2e4}
    said = many_waiting.phrase(row | {"count": 700, "why": "pids.max has room for 1,400"})
    assert said.startswith("700 threads (asked for 10,000: pids.max has room for 1,400)")
    said = many_waiting.phrase(row | {"count": 0, "why": "no memory"})
    assert said == "no thread could be started: no memory"


def test_a_tool_that_is_missing_is_said_in_a_sentence():
    stuck = course.load("stuck")
    rows = [
        stuck.row(program, stuck.TREE, "", "it is not in this Python: it came with 3.14")
        for program in stuck.FAULTS
    ]
    assert CHECKS["asyncio.pstree-names"](rows) == (
        None,
        "it is not in this Python: it came with 3.14.",
    )
    assert stuck.phrase(rows[0]) == "it is not in this Python: it came with 3.14"
    assert "Who names the line? two tasks wait for each other: none of them" in stuck.sentence(rows)


def test_nobody_may_look_into_a_process_that_has_gone():
    stuck = course.load("stuck")
    text, why = stuck.asked(stuck.TREE, 2**22 + 1)
    assert text == ""
    assert why.startswith("it ")
    assert sys.version_info >= (3, 14) or "3.14" in why
