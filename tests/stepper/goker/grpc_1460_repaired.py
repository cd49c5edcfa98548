"""Waking is a flag, which never makes anybody wait.

GoKer grpc-go#1460, repaired.
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
        s.flag.wait()


def new_stream(s):
    for _ in range(2):
        with s.lock:
            s.streams += 1
            s.flag.set()


THREADS = [keepalive, new_stream]
