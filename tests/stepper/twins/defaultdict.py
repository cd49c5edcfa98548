"""hits[x] += 1 on a defaultdict."""

import threading
from collections import defaultdict

hits = defaultdict(int)


def work():
    hits["x"] += 1


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert hits["x"] == 2
