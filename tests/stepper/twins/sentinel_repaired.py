"""One sentinel for two consumers. Repaired."""

import queue
import threading

q = queue.Queue()
got = []


def produce():
    for i in range(2):
        q.put(i)
    for _ in range(2):
        q.put(None)


def consume():
    while (x := q.get()) is not None:
        got.append(x)


ts = [threading.Thread(target=f) for f in (produce, consume, consume)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert sorted(got) == [0, 1]
