"""The exercises of chapter 06: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

AMDAHL = "def allowed(alone, workers):\n    return 1 / (alone + (1 - alone) / workers)\n"
AT_ONCE = """
def at_once(lanes):
    changes = []
    for lane in lanes:
        for begin, end in lane:
            changes += [(begin, 1), (end, -1)]
    running, total, before = 0, 0, 0
    for moment, step in sorted(changes):
        if running > 1:
            total += moment - before
        running += step
        before = moment
    return total
"""
PROCESSES = """
from concurrent.futures import ProcessPoolExecutor
def compute_all(heavy, numbers):
    with ProcessPoolExecutor(max_workers=2) as pool:
        return list(pool.map(heavy, numbers))
"""
TICKING = """
import time
from concurrent.futures import ThreadPoolExecutor
def run_beside(job, tick):
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(job)
        while not future.done():
            tick()
            time.sleep(1 / 60)
        return future.result()
"""
SOLUTIONS = {
    "amdahl": AMDAHL,
    "at_once": AT_ONCE,
    "in_processes": PROCESSES,
    "keep_ticking": TICKING,
}
THREAD = """
import time
from threading import Thread
def run_beside(job, tick):
    thread = Thread(target=job)
    thread.start()
    while thread.is_alive():
        tick()
        time.sleep(1 / 60)
"""
WRONG = [
    (
        "amdahl",
        "def allowed(alone, workers):\n    return workers\n",
        "only if nothing has to be done alone",
    ),
    ("amdahl", AMDAHL.replace("1 / (", "("), "share of the old"),
    ("amdahl", AMDAHL.replace("1 / (", "0.1 / ("), "Which part of it stays"),
    ("amdahl", AMDAHL.replace("(1 - alone)", "1"), "Which part of it stays"),
    ("amdahl", AMDAHL.replace("return", ""), "Return a number"),
    ("amdahl", "def allowed(alone, workers):\n    return float('nan')\n", "returned nan"),
    ("at_once", AT_ONCE.replace("running > 1", "running > 0"), "anybody ran"),
    ("at_once", AT_ONCE.replace("return total", "return float('nan')"), "nan s instead of 0 s"),
    (
        "at_once",
        AT_ONCE.replace(
            "total += moment", "total += running * (running - 1) / 2 * (moment"
        ).replace("- before", "- before)"),
        "counts once",
    ),
    ("at_once", AT_ONCE.replace("in lane:", "in [(lane[0][0], lane[-1][1])]:"), "only under way"),
    ("at_once", AT_ONCE.replace("return total", "return"), "as a number"),
    ("at_once", AT_ONCE.replace("return total", "return 0"), "from change to change"),
    ("in_processes", PROCESSES.replace("ProcessPool", "ThreadPool"), "Threads stay there"),
    (
        "in_processes",
        "def compute_all(heavy, numbers):\n    return [heavy(n) for n in numbers]\n",
        "caller's own",
    ),
    (
        "in_processes",
        PROCESSES.replace("list(pool.map(heavy, numbers))", "[]"),
        "one result for each of the 6 numbers",
    ),
    (
        "in_processes",
        PROCESSES.replace("max_workers=2", "max_workers=1"),
        "one process did everything",
    ),
    (
        "in_processes",
        PROCESSES.replace(
            "list(pool.map(heavy, numbers))", "[pool.submit(heavy, n) for n in numbers]"
        ),
        "ask it for its result()",
    ),
    (
        "in_processes",
        PROCESSES.replace("numbers))", "numbers))[::-1]"),
        "executor.map keeps the order",
    ),
    ("in_processes", PROCESSES.replace("numbers))", "numbers))[1:]"), "5 results for 6 numbers"),
    (
        "keep_ticking",
        "def run_beside(job, tick):\n    tick()\n    return job()\n",
        "nothing could tick",
    ),
    (
        "keep_ticking",
        TICKING.replace("while not future.done()", "for _ in range(2)"),
        "2 ticks came",
    ),
    ("keep_ticking", TICKING.replace("            time.sleep(1 / 60)\n", ""), "Sleep in between"),
    ("keep_ticking", THREAD, "instead of the job's result"),
    (
        "keep_ticking",
        THREAD.replace("while thread.is_alive()", "for _ in range(2)"),
        "still under way",
    ),
    (
        "keep_ticking",
        THREAD.replace("target=job", "target=tick") + "    return job()\n",
        "own thread",
    ),
    (
        "keep_ticking",
        TICKING.replace("pool.submit(job)", "pool.submit(lambda: [tick(), job()][1])"),
        "another thread",
    ),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "because"), WRONG)
def test_a_wrong_answer_is_told_what_is_wrong(name, text, because):
    refused(name, text, because)
