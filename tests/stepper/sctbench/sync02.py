"""The consumer waits for a signal although there are items: the producer waits for room at the same
time.

SCTBench CS.sync02_bad: deadlock at 0 preemptions.
"""

import threading
from types import SimpleNamespace

ROUNDS = 2


def setup():
    lock = threading.Lock()
    return SimpleNamespace(
        lock=lock, empty=threading.Condition(lock), full=threading.Condition(lock), items=2
    )


def produce(s):
    for _ in range(ROUNDS):
        with s.lock:
            while s.items > 0:
                s.empty.wait()
            s.items += 1
            s.full.notify()


def consume(s):
    for _ in range(ROUNDS + 1):
        with s.lock:
            s.full.wait()
            s.items -= 1
            s.empty.notify()


THREADS = [produce, consume]
