"""Looking and writing are one step under the lock.

GoKer grpc-go#1687, repaired.
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
    with s.lock:
        if not s.closed:
            send(s, "data")


def write_status(s):
    with s.lock:
        send(s, "status")
        s.closed = True


THREADS = [write, write_status]
