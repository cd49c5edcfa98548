"""The exercises of chapter 02: typical wrong answers, unusual right ones, and the answer to each."""

import pytest
from answers import refused, solves

pytestmark = pytest.mark.usefixtures("nothing_left")
THREADS = """
import threading
def in_threads(work, items):
    results = [None] * len(items)
    def call(at, item):
        try:
            results[at] = work(item)
        except Exception as problem:
            results[at] = problem
    threads = [threading.Thread(target=call, args=pair) for pair in enumerate(items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
"""
POOL = """
from concurrent.futures import ThreadPoolExecutor
def in_threads(work, items):
    with ThreadPoolExecutor(len(items)) as pool:
        futures = [pool.submit(work, item) for item in items]
        return [future.exception() or future.result() for future in futures]
"""
BADGE = """
def badge(store, numbers, lock):
    if not hasattr(store, "number"):
        with lock:
            store.number = next(numbers)
    return store.number
"""
BY_ID = """
import threading
def badge(store, numbers, lock):
    known = badge.__dict__
    me = threading.get_ident()
    with lock:
        if me not in known:
            known[me] = next(numbers)
    return known[me]
"""
TICKER = """
import threading
def every(seconds, tick):
    over = threading.Event()
    def loop():
        while not over.wait(seconds):
            tick()
    thread = threading.Thread(target=loop)
    thread.start()
    def stop():
        over.set()
        thread.join()
    return stop
"""
WITH_QUEUE = """
import queue, threading
def every(seconds, tick):
    orders = queue.Queue()
    def loop():
        while True:
            tick()
            try:
                return orders.get(timeout=seconds)
            except queue.Empty:
                pass
    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return lambda: (orders.put("stop"), thread.join())
"""
RIGHT = [
    ("in_threads", THREADS),
    ("in_threads", POOL),
    ("badge", BADGE),
    ("ticker", TICKER),
    ("ticker", WITH_QUEUE),
]  # fmt: skip
LOOSE = """
import threading
def in_threads(work, items):
    results = []
    threads = [threading.Thread(target=lambda: results.append(work(item))) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
"""
APPENDED = (
    THREADS.replace("results[at] = ", "results.append(")
    .replace("work(item)", "work(item))")
    .replace("problem\n    t", "problem)\n    t")
)
APPENDED = APPENDED.replace("[None] * len(items)", "[]")
LOST = THREADS.replace("        try:\n    ", "").replace(
    "        except Exception as problem:\n", ""
)
LOST = LOST.replace("            results[at] = problem\n", "")
SERIAL = THREADS.replace(
    "        thread.start()\n", "        thread.start()\n        thread.join()\n"
)
OWN_LOCK = BADGE.replace("with lock:", "with __import__('threading').Lock():")
HELD = BADGE.replace(
    "        with lock:\n            store", "        lock.acquire()\n        store"
)
TOO_MANY = BADGE.replace(
    '    if not hasattr(store, "number"):\n        with lock:\n            store.number = next(numbers)',
    '    with lock:\n        number = next(numbers)\n    store.number = getattr(store, "number", number)',
)
NO_JOIN = TICKER.replace("        thread.join()\n", "")
SLEEPS = TICKER.replace(
    "while not over.wait(seconds):\n            tick()",
    "while not over.is_set():\n            time.sleep(seconds)\n            tick()",
).replace("import threading", "import threading, time")
ONE_FLAG = TICKER.replace(
    "    over = threading.Event()\n",
    "    every.over = over = getattr(every, 'over', None) or threading.Event()\n",
)
ONCE = TICKER.replace("        over.set()", "        assert not over.is_set()\n        over.set()")
NATIVE = (
    "import threading\ndef badge(store, numbers, lock):\n    return threading.get_native_id()\n"
)
WRONG = [
    ("in_threads", "def in_threads(work, items):\n    return [work(item) for item in items]\n", "in your own thread"),
    ("in_threads", LOOSE, "some of them twice"),
    ("in_threads", APPENDED, "Who ends first is not first in the list"),
    ("in_threads", LOST, "the list holds NoneType where a result"),
    ("in_threads", SERIAL, "did not run at the same time"),
    ("in_threads", POOL.replace("len(items)", "2"), "did not run at the same time"),
    ("in_threads", POOL.replace("future.exception() or ", ""), "came through to the caller"),
    ("in_threads", THREADS.replace("    for thread in threads:\n        thread.join()\n", ""), "still ran when you returned"),
    ("in_threads", THREADS.replace("    return results", "    return dict(enumerate(results))"), "of type dict"),
    ("in_threads", THREADS.replace("[at] = problem", "[at] = str(problem)"), "the list holds str"),
    ("badge", "def badge(store, numbers, lock):\n    with lock:\n        return next(numbers)\n", "attribute of store"),
    ("badge", BADGE.replace("with lock:", "if True:"), "two asked numbers at the same time"),
    ("badge", OWN_LOCK, "two asked numbers at the same time"),
    ("badge", HELD, "Is the lock given back on every way out?"),
    ("badge", BY_ID, "thread ids are used again"),
    ("badge", BADGE.replace("return store.number", "return None"), "got None"),
    ("badge", NATIVE, "Return a number that next"),
    ("badge", TOO_MANY, "Ask only for a thread that has none"),
    ("ticker", "def every(seconds, tick):\n    tick()\n    return lambda: None\n", "in your own thread"),
    ("ticker", TICKER.replace("    return stop", "    return stop()"), "of type NoneType"),
    ("ticker", TICKER.replace("while not over", "if not over"), "Tick in a loop"),
    ("ticker", NO_JOIN, "Let stop join() the thread"),
    ("ticker", ONE_FLAG, "the other stopped too"),
    ("ticker", SLEEPS, "A thread in time.sleep(seconds) hears nothing"),
    ("ticker", ONCE, "Stopping twice must do no harm"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_a_right_answer_passes(name, text):
    solves(name, text)


@pytest.mark.parametrize(("name", "text", "because"), WRONG)
def test_a_wrong_answer_is_explained(name, text, because):
    refused(name, text, because)
