"""The consumer waits only while there is nothing.

SCTBench CS.sync02_bad, repaired.
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
            while s.items == 0:
                s.full.wait()
            s.items -= 1
            s.empty.notify()


THREADS = [produce, consume]
