"""An iterator of one's own gives a number twice. Repaired."""

import itertools
import threading

ids = itertools.count(1)
got = []


def work():
    got.append(next(ids))


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert sorted(got) == [1, 2]
