"""The token is handed over without the lock.

GoKer etcd#7492, repaired.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), added=queue.Queue(maxsize=1), tokens=set())


def assign(s):
    for token in "ab":
        with s.lock:
            s.tokens.add(token)
        s.added.put(token)


def keep(s):
    for _ in range(2):
        with s.lock:
            s.tokens.discard("old")
        s.added.get()


THREADS = [assign, keep]
