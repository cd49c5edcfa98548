"""The readers' count of a lock for readers and a writer is not guarded."""

import threading


class RW:
    def __init__(self):
        self.readers = 0
        self.w = threading.Lock()

    def start(self):
        self.readers += 1
        if self.readers == 1:
            self.w.acquire()

    def end(self):
        self.readers -= 1
        if self.readers == 0:
            self.w.release()


rw = RW()


def work():
    rw.start()
    rw.end()


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert rw.readers == 0
