"""hits[x] += 1 on a defaultdict. Repaired."""

import threading
from collections import defaultdict

hits = defaultdict(int)
lock = threading.Lock()


def work():
    with lock:
        hits["x"] += 1


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert hits["x"] == 2
