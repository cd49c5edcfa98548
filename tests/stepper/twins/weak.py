"""A cache of weak references is filled twice."""

import threading
import weakref


class V:
    pass


cache = weakref.WeakValueDictionary()
kept = []


def work():
    v = cache.get("k")
    if v is None:
        v = V()
        cache["k"] = v
    kept.append(v)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert kept[0] is kept[1]
