"""A write looks whether the queue is still open; the status closes it before the write arrives.

GoKer grpc-go#1687: broken at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), closed=False, written=[])


def send(s, text):
    if s.closed:
        raise ValueError("write after close")
    s.written.append(text)


def write(s):
    if not s.closed:
        send(s, "data")


def write_status(s):
    send(s, "status")
    s.closed = True


THREADS = [write, write_status]
