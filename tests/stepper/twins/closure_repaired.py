"""A partial of a closure counts without a lock. Repaired."""

import threading
from functools import partial


def make():
    n, lock = 0, threading.Lock()

    def add(by):
        nonlocal n
        with lock:
            n += by
        return n

    return add


add = make()
work = partial(add, 1)
ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert add(0) == 2
