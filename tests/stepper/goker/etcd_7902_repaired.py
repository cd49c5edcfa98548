"""The next round is waited for without the lock.

GoKer etcd#7902, repaired.
"""

import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), next_round=threading.Event())


def follower(s):
    with s.lock:
        pass
    s.next_round.wait()


def leader(s):
    with s.lock:
        s.next_round.set()


THREADS = [follower, leader]
