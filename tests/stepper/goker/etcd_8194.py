"""A rate that a test changes and sets back is read twice: the second time it is another.

GoKer etcd#8194: broken at 2 preemptions.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(rate=1000)


def revoke(s):
    leases = list(range(12))
    if len(leases) > s.rate // 2:
        leases = leases[: s.rate // 2]
        assert len(leases) < 12


def change_for_a_while(s):
    before, s.rate = s.rate, 10
    s.rate = before


THREADS = [revoke, change_for_a_while]
