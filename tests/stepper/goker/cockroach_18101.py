"""A cancellation stops the thread that takes entries out, not the one that puts them in.

GoKer cockroach#18101: deadlock at 0 preemptions.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(ready=queue.Queue(maxsize=1), cancelled=threading.Event())


def split(s):
    for number in range(3):
        s.ready.put(number)


def restore(s):
    for _ in range(3):
        if s.cancelled.is_set():
            return
        s.ready.get()


def cancel(s):
    s.cancelled.set()


THREADS = [split, restore, cancel]
