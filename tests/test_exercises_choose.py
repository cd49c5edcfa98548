"""The exercises of choosing: right answers pass, typical wrong ones are told what happened."""

import pytest

import pvt
from pvt.exercises import choose_model

BY_THE_RULE = """
def choose_model(job):
    return "threads" if job["work"] == "wait" else "processes"
"""
NO_CRASH = """
def choose_model(job):
    if job["work"] != "python":
        return "threads"
    return "inline" if job["cores"] == 1 or job["seconds"] < 1e-3 or job["bytes"] > 1e6 < 1e9 else "processes"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BY_THE_RULE, "on one core workers that compute take turns"),
        ('def choose_model(job):\n    return "threads"\n', "each process has one"),
        ("def choose_model(job):\n    return None\n", "none of inline, threads, processes"),
        (NO_CRASH, "250 ms for sending 50 MB are little beside a task of 10 s"),
    ],
)
def test_a_wrong_choice_is_explained(text, said):
    answer = pvt.check("choose_model", text)
    assert not answer.passed
    assert said in answer.because


def test_every_job_differs_and_each_model_is_right_for_some():
    asked = [choose_model.spoken(choose_model.PLAIN | changes) for changes, _, _ in choose_model.JOBS]
    assert len(set(asked)) == len(asked)
    assert {right for _, right, _ in choose_model.JOBS} == set(choose_model.ANSWERS)


MAP = "def run_all(pool, task, items):\n    return {}\n"
SUBMIT = """
def run_all(pool, task, items):
    def chunk(some):
        return [task(item) for item in some]
    return pool.submit(chunk, items).result()
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAP.format("list(pool.map(task, items))"), "after 2,000 hand-overs"),
        (MAP.format("pool.map(task, items, chunksize=100)"), "make a list of it"),
        (MAP.format("[task(item) for item in items]"), "nothing was handed to the pool"),
        (MAP.format("list(pool.map(task, items, chunksize=2_000))"), "to one worker"),
        (MAP.format("list(pool.map(task, items[::-1], chunksize=100))"), "not in the order"),
        (MAP.format("list(pool.map(task, items[:50], chunksize=5))"), "50 results for 2,000 items"),
        (SUBMIT, "pickle"),
    ],
)
def test_a_wrong_chunking_is_explained(text, said):
    answer = pvt.check("chunks", text)
    assert not answer.passed
    assert said in answer.because


POOL = """
def run_all(task, items):
    from concurrent.futures import {0} as Pool
    with Pool(2) as pool:
        return list(pool.map(task, items))
"""
PATIENT = """
def run_all(task, items):
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    results = []
    with ProcessPoolExecutor(2) as pool:
        for future in [pool.submit(task, item) for item in items]:
            try:
                results.append(future.result())
            except BrokenProcessPool:
                results.append(None)
    return results
"""
EXCEPT = """
def run_all(task, items):
    results = []
    for item in items:
        try:
            results.append(task(item))
        except BaseException:
            results.append(None)
    return results
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (POOL.format("ProcessPoolExecutor"), "raised BrokenProcessPool"),
        (POOL.format("ThreadPoolExecutor"), "exit 3"),
        (EXCEPT, "exit 3"),
        (PATIENT, "15, 16 do not crash, yet they were lost"),
        ("def run_all(task, items):\n    return [2 * item for item in items if item < 11]\n", "1 results for 8 items"),
        (
            "def run_all(task, items):\n    return [2 * item for item in items]\n",
            "for item 11 it gave 22, wanted is None",
        ),
    ],
)
def test_tasks_that_need_not_be_lost_are_named(text, said):
    answer = pvt.check("survive", text)
    assert not answer.passed
    assert said in answer.because
