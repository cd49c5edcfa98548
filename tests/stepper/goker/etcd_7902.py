"""A follower waits for the next round under the lock that the leader needs to begin it.

GoKer etcd#7902: deadlock at 0 preemptions.
"""

import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), next_round=threading.Event())


def follower(s):
    with s.lock:
        s.next_round.wait()


def leader(s):
    with s.lock:
        s.next_round.set()


THREADS = [follower, leader]
