"""A stream wakes the keepalive by a full queue, under the lock that the keepalive needs.

GoKer grpc-go#1460: deadlock at 0 preemptions.
"""

import queue
import threading
from types import SimpleNamespace


def setup():
    return SimpleNamespace(
        lock=threading.Lock(), awake=queue.Queue(maxsize=1), flag=threading.Event(), streams=0
    )


def keepalive(s):
    with s.lock:
        idle = s.streams == 0
    if idle:
        s.awake.get()
        with s.lock:
            pass


def new_stream(s):
    for _ in range(2):
        with s.lock:
            s.streams += 1
            s.awake.put(True)


THREADS = [keepalive, new_stream]
