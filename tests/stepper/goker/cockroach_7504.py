"""Releasing takes the lease's lock, then the cache's; acquiring takes them the other way round.

GoKer cockroach#7504: deadlock at 1 preemption.
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
        if "table" in s.leases:
            with s.lease:
                pass


THREADS = [release, acquire]
