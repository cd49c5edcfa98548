"""Acquiring gives the cache's lock back before it takes the lease's.

GoKer cockroach#7504, repaired.
"""

from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(lease=Lock(), cache=Lock(), leases={"table": 1})


def release(s):
    with s.lease, s.cache:
        s.leases.pop("table", None)


def acquire(s):
    with s.cache:
        found = "table" in s.leases
    if found:
        with s.lease:
            pass


THREADS = [release, acquire]
