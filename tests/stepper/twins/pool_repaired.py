"""Look for a free connection, then take it: two take one. Repaired."""

import threading


class Pool:
    def __init__(self):
        self.free = ["c1"]
        self.lock = threading.Lock()

    def take(self):
        with self.lock:
            return self.free.pop() if self.free else None


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
