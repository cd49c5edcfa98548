"""Which model for which job, decided here as a learner would; and the checks, with made-up rows."""

import re

import pytest
from deciding import measured, verdict

from pvt.claims import Rows
from pvt.course.choose import advisor, choose, jobs, too_many
from pvt.course.choose.jobs import Job, row
from pvt.course.choose.models import MODELS


def check(claim, python, piece):
    """Whatever the verdict is on this machine, it follows from the rows and says what was
    compared."""
    entry = measured(claim, python)
    assert piece in entry.because or entry.because.startswith("this needs two cores"), entry


def test_choose_computes(python):
    check("choose.computes", python, "computes in Python: process pool")


def test_choose_c_code(python):
    check("choose.c-code", python, "thread pool / process pool")


def test_choose_tiny(python):
    check("choose.tiny", python, "inline / process pool")


def test_choose_big_arguments(python):
    check("choose.big-arguments", python, "inline / process pool")


def test_choose_waits(python):
    check("choose.waits", python, "thread each")


def test_choose_shares(python):
    check("choose.shares", python, "shares a number: thread pool")


def test_choose_isolates(python):
    entry = verdict("choose.isolates", python)
    assert entry.value == "holds"
    assert "process each lost 1 of 8, thread each lost 8 of 8" in entry.because


def test_choose_isolates_pool(python):
    entry = measured("choose.isolates-pool", python)
    assert re.search(r"process pool lost [1-8] of 8 tasks", entry.because)


def test_choose_threads_everything(python):
    entry = verdict("choose.threads-everything", python)
    assert entry.value == "holds"
    assert "one task crashes: threads lost 8 tasks, process each 1" in entry.because


def test_choose_too_many(python):
    beyond_the_cores("choose.too-many", python, "processes that compute did")


def test_choose_too_many_waits(python):
    beyond_the_cores("choose.too-many-waits", python, "threads that wait did")


def beyond_the_cores(claim, python, piece):
    """Where there are as many cores as the most workers here, there is nothing beyond them."""
    assert (
        piece in (entry := measured(claim, python)).because
        or "not more workers than cores" in entry.because
    )


def made(seconds, others=0.0, job=choose.COMPUTES):
    """Rows of three rounds: model -> seconds, or a list of them."""
    times = {
        model: each if isinstance(each, list) else [each] * 3 for model, each in seconds.items()
    }
    rows = [
        row(at, Job(job, "", 0), model, seconds=each, lost=0)
        for model in times
        for at, each in enumerate(times[model])
    ]
    return Rows(rows, others)


CHECK = jobs.compared(choose.COMPUTES, "thread pool", "process pool")


@pytest.mark.parametrize(
    ("thread", "others", "answer", "piece"),
    [
        (0.2, 0.0, True, "2 (2 to 2)"),
        (0.1, 0.0, False, "1 (1 to 1)"),
        ([0.1, 0.12, 0.15], 0.0, None, "too close"),
        (0.2, 0.9, None, "took 0.9 of the cores"),
        (0.1, 0.9, None, "took 0.9 of the cores"),
        (0.5, 0.9, True, "5 (5 to 5)"),
    ],
)
def test_times_decide_unless_others_are_busy(thread, others, answer, piece):
    fields, because = CHECK(made({"thread pool": thread, "process pool": 0.1}, others))
    assert fields is answer
    assert piece in because


@pytest.mark.parametrize(
    ("c_code", "answer"), [(0.1, False), (0.19, None), ([0.1, 0.2, 0.2], None)]
)
def test_processes_fail_only_beside_a_second_core(c_code, answer):
    rows = made({"thread pool": 0.1, "process pool": 0.1})
    rows += made({"inline": 0.2, "thread pool": c_code}, job=choose.C_CODE)
    assert choose.CHECKS["computes"](rows)[0] is answer


def test_the_quickest_rounds_decide_what_noise_has_blurred():
    fields, because = CHECK(
        made({"thread pool": [0.2, 0.21, 0.3, 0.3], "process pool": [0.1, 0.2, 0.3, 0.3]})
    )
    assert fields is True
    assert "The quickest rounds: thread pool 200 ms, process pool 100 ms" in because


def test_what_was_not_measured_is_not_decided():
    assert CHECK(made({"thread pool": 0.1}))[0] is None
    assert choose.keeps("process each")(made({"inline": 0.1}))[0] is None


@pytest.mark.parametrize(
    ("process", "answer"), [(0.3, True), (0.1, False), ([0.1, 0.12, 0.15], None)]
)
def test_all_parts_of_a_check_must_hold(process, answer):
    rows = made({"inline": 0.3, "thread each": 0.1, "process each": process}, job=choose.WAITS)
    assert choose.CHECKS["waits"](rows)[0] is answer


def crashed(gone, others=0.0):
    rows = [row(0, Job(choose.CRASH, "", 0), model, lost=count) for model, count in gone.items()]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("each", "thread", "answer"),
    [(1, 8, True), (2, 8, False), (1, 5, False)],
    ids=["isolated", "two lost", "some live"],
)
def test_isolation_is_counted(each, thread, answer):
    assert (
        choose.CHECKS["isolates"](crashed({"process each": each, "thread each": thread}))[0]
        is answer
    )


@pytest.mark.parametrize(
    ("gone", "others", "answer"), [(1, 0.0, True), (6, 0.0, False), (6, 1.0, False), (1, 1.0, None)]
)
def test_a_pool_that_loses_one_task_would_isolate(gone, others, answer):
    assert choose.CHECKS["isolates-pool"](crashed({"process pool": gone}, others))[0] is answer


def test_threads_would_do_for_everything_if_nothing_were_better():
    assert choose.costs(made({"thread pool": 0.1, "process pool": 0.2}))[0] is False
    assert choose.costs(made({"thread pool": 0.5, "process pool": 0.1}))[0] is True
    assert choose.costs(made({"thread pool": 0.15, "process pool": 0.1}))[0] is False


def test_the_best_lose_the_fewest_tasks_and_may_tie():
    assert jobs.best(
        made({"inline": 0.1, "thread each": 0.11, "asyncio": 0.2}), choose.COMPUTES
    ) == [
        "inline",
        "thread each",
    ]
    assert jobs.best(crashed({"inline": 8, "process each": 1}), choose.CRASH) == ["process each"]
    assert jobs.best([], choose.CRASH) == []


def throughput(compute, wait, others=0.0, cores=2):
    """Rows with these rates at 2, 4 and 16 workers."""
    counts = (1, 2, 4, 16)
    rates = {"compute": [1, 2, *compute], "wait": [1, 2, *wait]}
    rows = [
        too_many.row(cores, kind, number, workers, rate)
        for kind, found in rates.items()
        for workers, rate in zip(counts, found, strict=True)
        for number in range(3)
    ]
    return Rows(rows, others)


@pytest.mark.parametrize(
    ("rate", "others", "answer", "piece"),
    [
        (2.0, 0.0, True, "1.00 times"),
        (4.0, 0.0, False, "2.00 times"),
        (2.5, 0.0, None, "too close"),
        (3.0, 0.9, None, "take more from those"),
        (16.0, 0.9, False, "8.00 times"),
    ],
)
def test_a_gain_beyond_the_cores_decides(rate, others, answer, piece):
    fields, because = too_many.useless("compute")(throughput([2, rate], [4, 16], others))
    assert fields is answer
    assert piece in because


def test_with_as_many_cores_as_workers_nothing_is_beyond():
    assert too_many.useless("wait")(throughput([2, 2], [4, 16], cores=16))[0] is None


@pytest.mark.parametrize(
    ("compute", "wait", "at"),
    [
        ((2.0, 2.0), (4, 16), 1),
        ((2.0, 2.2), (4, 4.4), 0),
        ((4.0, 15.0), (4, 16), 2),
        ((4.0, 5.0), (4, 16), None),
        ((4.0, 15.0), (4, 4), None),
    ],
)
def test_what_sixteen_do_is_compared_with_what_four_do(compute, wait, at):
    found = too_many.outcome(throughput(compute, wait))
    assert found == (None if at is None else too_many.OUTCOMES[at])
    assert too_many.outcome([too_many.row(4, "compute")]) is None


@pytest.mark.parametrize(("right", "at"), [(7, 0), (6, 1), (5, 1), (1, 1), (0, 2)])
def test_the_rows_in_which_the_rule_is_right_are_counted(right, at):
    rows = []
    for number, job in enumerate(choose.RULE):
        model = "process each" if choose.RULE[job] == "processes" else "thread each"
        times = {"inline": 0.2, model: 0.1 if number < right else 0.4}
        rows += (
            crashed(dict(inline=8, **{model: 1 if number < right else 9}))
            if (job == choose.CRASH)
            else made(times, job=job)
        )
    assert choose.outcome(rows) == choose.OUTCOMES[at]
    assert choose.outcome(made({"inline": 0.2})) is None


def test_the_advice_follows_the_five_questions():
    long, wait = Job("", "compute", 0.02), Job("", "wait", 0.02)
    assert advisor.advice(long, 4, True)[0] == "process pool"
    assert advisor.advice(long, 4, False)[0] == "thread pool"
    assert advisor.advice(long, 1, True)[0] == "inline"
    assert advisor.advice(long._replace(kind="C code"), 4, True)[0] == "thread pool"
    assert advisor.advice(long._replace(seconds=1e-5), 4, True)[0] == "inline"
    assert advisor.advice(long._replace(size=8_000_000), 4, True)[0] == "inline"
    assert advisor.advice(long._replace(updates=1_000, seconds=1e-3), 4, True)[0] == "inline"
    assert advisor.advice(wait, 1, True)[0] == "thread each"
    assert advisor.advice(wait._replace(crash=True), 1, True)[0] == "process each"


def test_the_advice_stands_beside_the_measurement():
    first = row(0, None, None) | {"advice": "process pool", "why": "of the GIL"}
    rows = made({"inline": 0.2, "process pool": 0.1}, job="your job")
    assert advisor.sentence([first]).endswith("…")
    assert advisor.sentence([first, *rows]).endswith("Measured: 100 ms; nothing is clearly better.")
    assert advisor.outcome([first, *rows]) == advisor.OUTCOMES[2]
    rows = made({"inline": 0.1, "process pool": 0.2}, job="your job")
    assert advisor.sentence([first, *rows]).endswith("Measured: 200 ms, but inline: 100 ms.")


def test_every_model_is_named_once():
    assert len(set(MODELS.values())) == len(MODELS)
