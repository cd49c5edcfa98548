"""A context manager counts without a lock. Repaired."""

import contextlib
import threading

open_ = 0
lock = threading.Lock()


@contextlib.contextmanager
def session():
    global open_
    with lock:
        open_ += 1
    try:
        yield
    finally:
        with lock:
            open_ -= 1


def work():
    with session():
        pass


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert open_ == 0
