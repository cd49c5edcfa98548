"""The exercises of chapter 09: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

SURVIVORS = """
def survivors(kind, how, workers):
    if kind == "process" or how in ("exception", "sys.exit"):
        return workers - 1
    return 0
"""
SUPERVISE = """
def supervise(start, most):
    for _ in range(1 + most):
        worker = start()
        worker.join()
        if worker.exitcode == 0:
            return worker.result
"""
KEEP = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

def run_all(work, items):
    results = dict.fromkeys(items)
    for group in [items, *([item] for item in items)]:
        left = [item for item in group if results[item] is None]
        try:
            with ProcessPoolExecutor(2) as pool:
                futures = [(item, pool.submit(work, item)) for item in left]
                for item, future in futures:
                    results[item] = future.result()
        except BrokenProcessPool:
            pass
    return results
"""
OLD_POOL = """
import multiprocessing
def run_all(work, items):
    with multiprocessing.Pool(2) as pool:
        return dict(zip(items, pool.map(work, items)))
"""
SOLUTIONS = {"crash_survivors": SURVIVORS, "crash_supervise": SUPERVISE, "crash_keep": KEEP}
ALWAYS = "def survivors(kind, how, workers):\n    return {}\n"
FIRST = KEEP.replace("[items, *([item] for item in items)]", "[items]")
WRONG = [
    (
        "crash_survivors",
        ALWAYS.format("workers - 1"),
        "here 0 lived on, you said 2. The signal goes to the thread that caused it",
    ),
    ("crash_survivors", ALWAYS.format("0"), "What one process does ends no other"),
    ("crash_survivors", ALWAYS.format("workers"), "Worker 1 is dead"),
    ("crash_survivors", ALWAYS.format("[2, 3]"), "a number is wanted"),
    (
        "crash_survivors",
        SURVIVORS.replace('"exception", "sys.exit"', "()"),
        "the thread that raised, and no other",
    ),
    (
        "crash_survivors",
        SURVIVORS.replace(', "sys.exit"', ", 0"),
        "sys.exit only raises SystemExit",
    ),
    ("crash_survivors", SURVIVORS.replace("sys.exit", "os._exit"), "os._exit ends the process"),
    ("crash_supervise", "def supervise(start, most):\n    pass\n", "Call start()"),
    (
        "crash_supervise",
        SUPERVISE.replace("range(1 + most)", "range(most)"),
        "it gave up after 3 workers, 4 are",
    ),
    (
        "crash_supervise",
        SUPERVISE.replace("for _ in range(1 + most)", "while True"),
        "3 are allowed",
    ),
    (
        "crash_supervise",
        SUPERVISE.replace("        worker.join()\n", ""),
        "while another was at work",
    ),
    (
        "crash_supervise",
        SUPERVISE.replace("        if worker.exitcode == 0:\n    ", ""),
        "the half result",
    ),
    ("crash_supervise", SUPERVISE.replace("== 0", ">= 0"), "the half result"),
    ("crash_supervise", SUPERVISE.replace("return worker.result", "break"), "Return its result"),
    (
        "crash_supervise",
        SUPERVISE.replace("for _", "done = None\n    for _").replace(
            "return worker", "done = worker"
        )
        + "    return done\n",
        "though number 1 had succeeded",
    ),
    (
        "crash_supervise",
        SUPERVISE + "    return 'sorry'\n",
        "the result is of type str. Return None",
    ),
    (
        "crash_keep",
        "def run_all(work, items):\n    return {item: work(item) for item in items}\n",
        "killed by SIGSEGV",
    ),
    (
        "crash_keep",
        "def run_all(work, items):\n    return [item * item for item in items]\n",
        "a dict is wanted",
    ),
    (
        "crash_keep",
        KEEP.replace("except BrokenProcessPool", "except ValueError"),
        "BrokenProcessPool came through",
    ),
    ("crash_keep", OLD_POOL, "A multiprocessing.Pool waits for ever for a worker that is gone"),
    ("crash_keep", FIRST, "killed nobody, but its result is lost"),
    (
        "crash_keep",
        KEEP.replace(
            "return results", "return {item: each for item, each in results.items() if each}"
        ),
        "Give it the result None",
    ),
    (
        "crash_keep",
        KEEP.replace(
            "return results", "return {item: each or 0 for item, each in results.items()}"
        ),
        "must be None",
    ),
    (
        "crash_keep",
        "def run_all(work, items):\n    return {item: item * item for item in items}\n",
        "never ran",
    ),
    (
        "crash_keep",
        KEEP.replace("*([item] for item in items)", "*5 * [[item] for item in items]"),
        "times at most",
    ),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    refused(name, text, expected)
