"""The exercises of chapter 07: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

ORDER = """
import statistics, time
def cheapest_first(kinds):
    cost = {}
    for name, start_and_end in kinds.items():
        times = []
        for _ in range(7):
            begin = time.perf_counter()
            start_and_end()
            times.append(time.perf_counter() - begin)
        cost[name] = statistics.median(times)
    return sorted(cost, key=cost.get)
"""
BOUNDED = """
import queue, threading
def run_all(jobs, workers):
    waiting, results = queue.SimpleQueue(), [None] * len(jobs)
    def work():
        while (number := waiting.get()) is not None:
            results[number] = jobs[number]()
    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for number in [*range(len(jobs)), *[None] * workers]:
        waiting.put(number)
    for thread in threads:
        thread.join()
    return results
"""
EXECUTOR = """
from concurrent.futures import ThreadPoolExecutor
def run_all(jobs, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: job(), jobs))
"""
LOOK_THEN_TAKE = """
import queue, threading
def run_all(jobs, workers):
    waiting, results = queue.Queue(), [None] * len(jobs)
    for number in range(len(jobs)):
        waiting.put(number)
    def work():
        while not waiting.empty():
            number = waiting.get()
            results[number] = jobs[number]()
    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
"""
TAKE_OR_END = LOOK_THEN_TAKE.replace("while not waiting.empty():", "while True:").replace(
    "            number = waiting.get()\n",
    """            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
""",
)
SIZE = """
import math
def pool_size(cores, compute, wait, connections):
    return min(connections, math.ceil(cores * (1 + wait / compute)))
"""
ONE_BY_ONE = """
def pool_size(cores, compute, wait, connections):
    busy, size = cores * (1 + wait / compute), 1
    while size < busy and size < connections:
        size += 1
    return float(size)
"""
RIGHT = [("cost_order", ORDER), ("bounded", BOUNDED), ("bounded", EXECUTOR), ("size_pool", SIZE)]
RIGHT += [("size_pool", ONE_BY_ONE), ("size_pool", SIZE.replace("math.ceil(", "1 + int("))]
RIGHT += [
    ("bounded", TAKE_OR_END),
    ("bounded", TAKE_OR_END.replace("queue.Queue()", "queue.SimpleQueue()")),
]
RIGHT += [("cost_order", ORDER.replace("statistics.median", "min"))]
RIGHT += [("bounded", BOUNDED.replace("*range(len(jobs))", "*reversed(range(len(jobs)))"))]
ALL_AT_ONCE = """
import threading
def run_all(jobs, workers):
    results = [None] * len(jobs)
    def work(number):
        results[number] = jobs[number]()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
"""
BATCHES = """
import threading
def run_all(jobs, workers):
    results = [None] * len(jobs)
    def work(number):
        results[number] = jobs[number]()
    for first in range(0, len(jobs), workers):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(first, first + workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return results
"""
NOT_JOINED = BOUNDED.replace("        thread.join()\n", "        pass\n")
FOR_EVER = """
import queue, threading
def run_all(jobs, workers):
    waiting, done, results = queue.SimpleQueue(), threading.Semaphore(0), [None] * len(jobs)
    def work():
        while True:
            number = waiting.get()
            results[number] = jobs[number]()
            done.release()
    for number in range(len(jobs)):
        waiting.put(number)
    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()
    for _ in jobs:
        done.acquire()
    return results
"""
WRONG = [
    ("bounded", LOOK_THEN_TAKE, "Look and take in one step"),
    (
        "bounded",
        LOOK_THEN_TAKE.replace("queue.Queue()", "queue.SimpleQueue()"),
        "Look and take in one step",
    ),
    (
        "bounded",
        LOOK_THEN_TAKE.replace("not waiting.empty()", "waiting.qsize()"),
        "Look and take in one step",
    ),
    (
        "cost_order",
        ORDER.replace("statistics.median", "statistics.mean"),
        "has spoiled a sum or a mean",
    ),
    ("cost_order", ORDER.replace("range(7)", "range(1)"), "One start tells little"),
    ("cost_order", ORDER.replace("key=cost.get", "key=cost.get, reverse=True"), "Turn it round"),
    ("cost_order", "def cheapest_first(kinds):\n    return sorted(kinds)\n", "never started"),
    (
        "cost_order",
        ORDER.replace("return sorted(cost, key=cost.get)", "return cost"),
        "Return a list",
    ),
    ("cost_order", ORDER.replace("key=cost.get)", "key=cost.get)[:1]"), "each of the four"),
    ("bounded", ALL_AT_ONCE, "jobs ran at once, 3 were allowed"),
    ("bounded", BATCHES, "no new job began"),
    (
        "bounded",
        "def run_all(jobs, workers):\n    return [job() for job in jobs]\n",
        "At most 1 jobs ran at once",
    ),
    ("bounded", BOUNDED.replace("return results", "return results[::-1]"), "not in the order"),
    ("bounded", BOUNDED.replace("results[number] = jobs", "jobs"), "missing or wrong"),
    ("bounded", BOUNDED.replace("range(len(jobs))", "range(len(jobs) - 1)"), "Call every job"),
    (
        "bounded",
        BOUNDED.replace("len(jobs)), *", "len(jobs)), *range(len(jobs)), *"),
        "12 jobs, 24 calls: call each job",
    ),
    ("bounded", NOT_JOINED, "threads were at work. Join them"),
    ("bounded", FOR_EVER, "3 threads are still there. Tell the workers to end"),
    (
        "size_pool",
        "def pool_size(cores, compute, wait, some):\n    return float('inf')\n",
        "returned inf. Return a number",
    ),
    (
        "size_pool",
        "def pool_size(cores, compute, wait, some):\n    return 1_000\n",
        "Who never waits",
    ),
    ("size_pool", SIZE.replace("min(connections, ", "("), "Each job holds a connection"),
    ("size_pool", SIZE.replace("min(connections", "max(connections"), "do as many"),
    ("size_pool", SIZE.replace("min(connections", "min(connections // 2"), "more would do"),
    ("size_pool", SIZE.replace("min(connections", "min(2 * connections"), "who has to stand by"),
    (
        "size_pool",
        "def pool_size(cores, compute, wait, some):\n    return cores\n",
        "how many can wait meanwhile",
    ),
    (
        "size_pool",
        SIZE.replace("cores * (1 + wait / compute)", "1 + wait / compute"),
        "more would do",
    ),
    ("size_pool", SIZE.replace("1 + wait / compute", "wait / compute"), "more would do"),
    ("size_pool", SIZE.replace("math.ceil(", "(0.5 + "), "no part of a thread"),
    ("size_pool", "def pool_size(cores, compute, wait, some):\n    pass\n", "returned NoneType"),
]


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_a_right_answer_passes(name, text):
    solves(name, text)


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    refused(name, text, expected)
