"""The sum is checked against what was added.

SCTBench CS.arithmetic_prog_bad, repaired.
"""

import threading
from types import SimpleNamespace

ROUNDS = 2


def setup():
    lock = threading.Lock()
    return SimpleNamespace(
        lock=lock, empty=threading.Condition(lock), full=threading.Condition(lock), items=0, total=0
    )


def produce(s):
    for _ in range(ROUNDS):
        with s.lock:
            while s.items > 0:
                s.empty.wait()
            s.items += 1
            s.full.notify()


def consume(s):
    for number in range(1, ROUNDS + 1):
        with s.lock:
            while s.items == 0:
                s.full.wait()
            s.total += number
            s.items -= 1
            s.empty.notify()


THREADS = [produce, consume]


def safe(s):
    return s.total == 3
