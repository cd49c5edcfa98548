"""Look for a free connection, then take it: two take one."""

import threading


class Pool:
    def __init__(self):
        self.free = ["c1"]

    def get(self):
        if self.free:
            return self.free[-1]

    def take(self):
        c = self.get()
        if c:
            self.free.remove(c)
        return c


pool = Pool()


def work():
    c = pool.take()
    if c:
        pool.free.append(c)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert pool.free == ["c1"]
