"""A frame is announced under the lock in a full queue; the monitor needs the lock before it empties
it.

GoKer kubernetes#6632: deadlock at 0 preemptions.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=threading.Lock(), resets=queue.Queue(maxsize=1), open=True)


def write_frames(s):
    for number in range(3):
        with s.lock:
            s.resets.put(number)


def monitor(s):
    s.resets.get()
    with s.lock:
        s.open = False
    for _ in range(2):
        s.resets.get()


THREADS = [write_frames, monitor]
