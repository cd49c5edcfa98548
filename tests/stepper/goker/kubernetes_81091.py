"""A plugin counts its calls; it is called by several workers at once.

GoKer kubernetes#81091: broken at 1 preemption.
"""

from concurrent.futures import ThreadPoolExecutor


class Plugin:
    def __init__(self):
        self.calls = 0

    def filter(self, node):
        self.calls += 1
        return node


plugin = Plugin()
with ThreadPoolExecutor(max_workers=2) as pool:
    list(pool.map(plugin.filter, ["a", "b"]))
assert plugin.calls == 2, plugin.calls
