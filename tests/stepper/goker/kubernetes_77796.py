"""The list of watchers is emptied under the lock, but walked over without it.

GoKer kubernetes#77796: broken at 2 preemptions.
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
