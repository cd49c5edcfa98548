"""An event is put into a watcher's full queue under the lock that the watcher needs to say that it
stops.

GoKer kubernetes#1321: deadlock at 0 preemptions.
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
                s.events.put(number)


def stop_watching(s):
    with s.lock:
        s.watching = False


THREADS = [distribute, stop_watching]
