"""The exercises of chapter 11: typical wrong answers are explained."""

import pytest
from answers import refused

from pvt.course.choose.exercises import choose_model

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
ONE_CORE = 'def choose_model(job):\n    return "inline" if job["cores"] == 1 else {}\n'
MAP = "def run_all(pool, task, items):\n    return {}\n"
SUBMIT = """
def run_all(pool, task, items):
    def chunk(some):
        return [task(item) for item in some]
    return pool.submit(chunk, items).result()
"""
POOL = """
def run_all(task, items):
    from concurrent.futures import {0} as Pool
    with Pool(2) as pool:
        return list(pool.map(task, items))
"""
OLD_POOL = (
    "import multiprocessing\ndef f(task, items):\n    return"
    " multiprocessing.Pool(2).map(task, items)\n"
)
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
EXITCODES = """
import multiprocessing
def run_all(task, items):
    workers = [multiprocessing.Process(target=task, args=(item,)) for item in items]
    for worker in workers:
        worker.start()
        worker.join()
    return [worker.exitcode or None for worker in workers]
"""
COMPUTED = "def run_all(task, items):\n    return [2 * item for item in items{}]\n"
WRONG = [
    ("choose_model", BY_THE_RULE, "on one core workers that compute take turns"),
    ("choose_model", ONE_CORE.format('"threads"'), "each process has one"),
    ("choose_model", ONE_CORE.format('BY["python"]'), "the name 'BY' is not known here"),
    (
        "choose_model",
        "def choose_model(job):\n    return None\n",
        "none of inline, threads, processes",
    ),
    (
        "choose_model",
        'def choose_model(job):\n    return "thread"\n',
        "the answer 'thread' is none of inline, threads,",
    ),
    ("choose_model", NO_CRASH, "250 ms for sending 50 MB are little beside a task of 10 s"),
    (
        "choose_model",
        'def choose_model(job):\n    return "processes"\n',
        "a thread that waits holds no GIL",
    ),
    ("chunks", MAP.format("list(pool.map(task, items))"), "after 2,000 hand-overs"),
    ("chunks", MAP.format("pool.map(task, items, chunksize=100)"), "make a list of it"),
    ("chunks", MAP.format("[task(item) for item in items]"), "nothing was handed to the pool"),
    ("chunks", MAP.format("list(pool.map(task, items, chunksize=2_000))"), "to one worker"),
    ("chunks", MAP.format("list(pool.map(task, items[::-1], chunksize=100))"), "not in the order"),
    (
        "chunks",
        MAP.format("list(pool.map(task, items[:50], chunksize=5))"),
        "50 results for 2,000 items",
    ),
    (
        "chunks",
        MAP.format("[pool.submit(task, item) for item in items]"),
        "Ask each for its result()",
    ),
    ("chunks", SUBMIT, "pickle"),
    ("survive", POOL.format("ProcessPoolExecutor"), "raised BrokenProcessPool"),
    ("survive", POOL.format("ThreadPoolExecutor"), "exit 3"),
    ("survive", OLD_POOL, "A multiprocessing.Pool waits for ever for a worker that is gone"),
    ("survive", EXCEPT, "exit 3"),
    ("survive", PATIENT, "15, 16 do not crash, yet they were lost"),
    ("survive", EXITCODES, "and bring back its result"),
    ("survive", COMPUTED.format(" if item < 11"), "1 results for 8 items"),
    ("survive", COMPUTED.format(""), "for item 11 it gave 22, wanted is None"),
    (
        "survive",
        "def run_all(task, items):\n    pass\n",
        "NoneType, not a list. Return a list with one entry for each",
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)


def test_every_job_differs_and_each_model_is_right_for_some():
    asked = [
        choose_model.spoken(choose_model.PLAIN | changes) for changes, _, _ in choose_model.JOBS
    ]
    assert len(set(asked)) == len(asked)
    assert {right for _, right, _ in choose_model.JOBS} == set(choose_model.ANSWERS)
