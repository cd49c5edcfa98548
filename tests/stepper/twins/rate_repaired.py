"""A rate limiter looks, then counts. Repaired."""

import threading
import time


class Limit:
    def __init__(self):
        self.left = 1
        self.lock = threading.Lock()

    def allow(self):
        with self.lock:
            if self.left > 0:
                self.left -= 1
                return True
        return False


limit = Limit()
ok = []


def work():
    if limit.allow():
        ok.append(time.time())


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert len(ok) == 1
