"""One thread takes pods out of the queue under the lock, another looks without it.

GoKer kubernetes#79631: broken at 1 preemption.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), pods={"a": "pod"})


def flush(s):
    with s.lock:
        if "a" in s.pods:
            del s.pods["a"]


def get(s):
    if "a" in s.pods:
        assert s.pods["a"] == "pod"


THREADS = [flush, get]
