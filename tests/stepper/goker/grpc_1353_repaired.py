"""There is room for all updates.

GoKer grpc-go#1353, repaired.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), updates=queue.Queue())


def balancer(s):
    for number in range(3):
        with s.lock:
            s.updates.put(number)


def watcher(s):
    for _ in range(3):
        s.updates.get()
        with s.lock:
            pass


THREADS = [balancer, watcher]
