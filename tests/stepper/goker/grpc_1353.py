"""An update is sent under the lock that its receiver takes before it reads the next one.

GoKer grpc-go#1353: deadlock at 0 preemptions.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), updates=queue.Queue(maxsize=1))


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
