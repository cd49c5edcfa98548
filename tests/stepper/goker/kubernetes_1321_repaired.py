"""A watcher that cannot take the event is left out.

GoKer kubernetes#1321, repaired.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), events=queue.Queue(maxsize=1), watching=True)


def distribute(s):
    for number in range(2):
        with s.lock:
            if s.watching:
                try:
                    s.events.put_nowait(number)
                except queue.Full:
                    s.watching = False


def stop_watching(s):
    with s.lock:
        s.watching = False


THREADS = [distribute, stop_watching]
