"""Both hold the lock.

GoKer kubernetes#79631, repaired.
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
    with s.lock:
        if "a" in s.pods:
            assert s.pods["a"] == "pod"


THREADS = [flush, get]
