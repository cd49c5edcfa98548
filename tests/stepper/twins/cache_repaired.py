"""Look in a cache, then fill it: two miss. Repaired."""

import threading

cache = {}
loads = []
lock = threading.Lock()


def get(k):
    with lock:
        if k not in cache:
            loads.append(k)
            cache[k] = k * 2
        return cache[k]


def work():
    get(1)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert loads == [1], loads
