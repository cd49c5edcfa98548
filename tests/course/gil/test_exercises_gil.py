"""The exercises of chapter 06: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

AMDAHL = "def allowed(alone, workers):\n    return 1 / (alone + (1 - alone) / workers)\n"
STOPS = """
import threading
def stops_others(call):
    over, count = threading.Event(), [0]
    def watch():
        while not over.wait(0.001):
            count[0] += 1
    watcher = threading.Thread(target=watch)
    watcher.start()
    while not count[0]:
        over.wait(0.001)
    before = count[0]
    call()
    ran = count[0] - before
    over.set()
    watcher.join()
    return ran < 5
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
    "stops_others": STOPS,
    "amdahl": AMDAHL,
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
        "stops_others",
        "def stops_others(call):\n    call()\n    return False\n",
        "you say others go on",
    ),
    (
        "stops_others",
        "def stops_others(call):\n    call()\n    return True\n",
        "time.sleep: you say it stops others",
    ),
    ("stops_others", "def stops_others(call):\n    return False\n", "It was called 0 times"),
    (
        "stops_others",
        STOPS.replace("    call()\n", "    call()\n    call()\n"),
        "It was called 2 times",
    ),
    ("stops_others", STOPS.replace("return ran < 5", "return ran"), "Return True or False"),
    (
        "stops_others",
        STOPS.replace("    over.set()\n    watcher.join()\n", ""),
        "Does your watching thread end when the call has ended?",
    ),
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
    ("in_processes", PROCESSES.replace("ProcessPool", "ThreadPool"), "threads stay there"),
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
    (
        "keep_ticking",
        TICKING.replace("while not future.done()", "for _ in range(20)"),
        "Tick until it is done",
    ),
    (
        "keep_ticking",
        TICKING.replace("while not future.done()", "for _ in range(90)"),
        "long after the job was done",
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
