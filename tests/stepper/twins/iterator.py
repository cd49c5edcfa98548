"""An iterator of one's own gives a number twice."""

import threading


class Ids:
    n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        return self.n


ids = Ids()
got = []


def work():
    got.append(next(ids))


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert sorted(got) == [1, 2]
