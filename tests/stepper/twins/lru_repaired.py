"""An LRU cache throws a key out between a look and its use. Repaired."""

import threading
from collections import OrderedDict


class LRU:
    def __init__(self):
        self.d = OrderedDict(a=1)
        self.lock = threading.Lock()

    def get(self, k):
        with self.lock:
            if k in self.d:
                self.d.move_to_end(k)
                return self.d[k]

    def put(self, k, v):
        with self.lock:
            self.d[k] = v
            if len(self.d) > 1:
                self.d.popitem(last=False)


c = LRU()


def reader():
    c.get("a")


def writer():
    c.put("b", 2)


ts = [threading.Thread(target=f) for f in (reader, writer)]
for t in ts:
    t.start()
for t in ts:
    t.join()
