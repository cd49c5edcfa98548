"""A handler counts without its lock. Repaired."""

import logging
import threading


class H(logging.Handler):
    n = 0

    def emit(self, r):
        H.n += 1


log = logging.getLogger("a")
log.propagate = False
log.addHandler(H())


def work():
    log.warning("x")


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert H.n == 2
