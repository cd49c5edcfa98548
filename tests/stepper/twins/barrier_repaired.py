"""The value is written after the barrier that should protect it. Repaired."""

import threading

total = [0, 0]
bar = threading.Barrier(2)
seen = []


def first():
    total[0] = 1
    bar.wait()


def second():
    bar.wait()
    seen.append(total[0])


ts = [threading.Thread(target=f) for f in (first, second)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert seen == [1]
