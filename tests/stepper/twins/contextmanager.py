"""A context manager counts without a lock."""

import contextlib
import threading

open_ = 0


@contextlib.contextmanager
def session():
    global open_
    open_ += 1
    try:
        yield
    finally:
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
