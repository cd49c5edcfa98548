"""It is walked over under the lock too.

GoKer kubernetes#77796, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lock=Lock(), watchers=[])


def dispatch(s):
    with s.lock:
        s.watchers.clear()
        s.watchers.append("watcher")
        served = list(s.watchers)
    assert served == ["watcher"], served


THREADS = [dispatch, dispatch]
