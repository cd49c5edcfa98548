"""The count is kept under a lock.

GoKer kubernetes#81091, repaired.
"""

import threading
from concurrent.futures import ThreadPoolExecutor


class Plugin:
    def __init__(self):
        self.calls = 0
        self.lock = threading.Lock()

    def filter(self, node):
        with self.lock:
            self.calls += 1
        return node


plugin = Plugin()
with ThreadPoolExecutor(max_workers=2) as pool:
    list(pool.map(plugin.filter, ["a", "b"]))
assert plugin.calls == 2, plugin.calls
