"""A token is put into a full queue under the lock that the keeper takes before it empties the
queue.

GoKer etcd#7492: deadlock at 0 preemptions.
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
