"""The rate is read once.

GoKer etcd#8194, repaired.
"""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(rate=1000)


def revoke(s):
    leases = list(range(12))
    rate = s.rate
    if len(leases) > rate // 2:
        leases = leases[: rate // 2]
        assert len(leases) < 12


def change_for_a_while(s):
    before, s.rate = s.rate, 10
    s.rate = before


THREADS = [revoke, change_for_a_while]
