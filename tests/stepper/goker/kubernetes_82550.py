"""The provider is made when it is first needed; two threads that need it at once make two.

GoKer kubernetes#82550: broken at 1 preemption.
"""

from concurrent.futures import ThreadPoolExecutor


class Lazy:
    def __init__(self):
        self.provider = None

    def provide(self):
        if self.provider is None:
            self.provider = object()
        return self.provider


lazy = Lazy()
with ThreadPoolExecutor(max_workers=2) as pool:
    first, second = [pool.submit(lazy.provide) for _ in range(2)]
assert first.result() is second.result(), "two providers"
