"""A counter under a lock, and ids from itertools.count: nothing is wrong.

Ends: safe.
"""

import itertools
import threading

ids = itertools.count(1)
lock = threading.Lock()
total = 0
seen = []


def work():
    global total
    seen.append(next(ids))
    with lock:
        total += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == 2 and sorted(seen) == [1, 2]
