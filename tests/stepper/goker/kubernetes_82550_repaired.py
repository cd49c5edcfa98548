"""It is made under a lock.

GoKer kubernetes#82550, repaired.
"""

import threading
from concurrent.futures import ThreadPoolExecutor


class Lazy:
    def __init__(self):
        self.provider = None
        self.lock = threading.Lock()

    def provide(self):
        with self.lock:
            if self.provider is None:
                self.provider = object()
            return self.provider


lazy = Lazy()
with ThreadPoolExecutor(max_workers=2) as pool:
    first, second = [pool.submit(lazy.provide) for _ in range(2)]
assert first.result() is second.result(), "two providers"
