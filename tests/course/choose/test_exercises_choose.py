"""The exercises of chapter 11: typical wrong answers are explained."""

import pytest
from answers import refused, solves

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
HOW_MANY = """
def how_many(work, cores, limit, copies):
    together = cores if work == "computes" else limit
    return max(1, together // copies)
"""
ONE_BY_ONE = """
def how_many(work, cores, limit, copies):
    workers = 1
    while (workers + 1) * copies <= {"computes": cores, "waits": limit}[work]:
        workers += 1
    return workers
"""
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
    (
        "how_many",
        "def how_many(work, cores, limit, copies):\n    return cores\n",
        "a thread that waits needs no core",
    ),
    (
        "how_many",
        "def how_many(work, cores, limit, copies):\n    return limit\n",
        "On 4 cores the others only wait for their turn",
    ),
    ("how_many", HOW_MANY.replace(" // copies", ""), "in 2 pools that makes 16. On 8 cores"),
    ("how_many", HOW_MANY.replace("else limit", "else max(cores, limit)"), "and refuses 10."),
    ("how_many", HOW_MANY.replace("together // copies", "-(-together // copies)"), "refuses 1."),
    (
        "how_many",
        HOW_MANY.replace("together // copies", "round(together / copies)"),
        "('waits', 2, 50, 3) returned 17: in 3 pools that makes 51",
    ),
    ("how_many", HOW_MANY.replace("together // copies", "together / copies"), "a whole number"),
    (
        "how_many",
        HOW_MANY.replace("max(1, together // copies)", "together // copies"),
        "returned 0",
    ),
    ("how_many", HOW_MANY.replace("(1, together", "(1, together // 2"), "have nothing to do"),
    ("how_many", "def how_many(work, cores, limit, copies):\n    pass\n", "returned None"),
]


@pytest.mark.parametrize("text", [HOW_MANY, ONE_BY_ONE])
def test_a_right_number_of_workers_passes(text):
    solves("how_many", text)


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)


def test_every_job_differs_and_each_model_is_right_for_some():
    asked = [
        choose_model.spoken(choose_model.PLAIN | changes) for changes, _, _ in choose_model.JOBS
    ]
    assert len(set(asked)) == len(asked)
    assert {right for _, right, _ in choose_model.JOBS} == set(choose_model.ANSWERS)
