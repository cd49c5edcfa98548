"""A worker waits for work under a read lock; a writer waits for the worker, and new work for the
writer.

GoKer kubernetes#58107: deadlock at 0 preemptions.
"""

import threading


class RWLock:
    """Readers wait for writers that have asked before them."""

    def __init__(self):
        self.changed = threading.Condition()
        self.readers = self.writers = 0

    def acquire_read(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.writers)
            self.readers += 1

    def release_read(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.writers += 1
            self.changed.wait_for(lambda: not self.readers)

    def release_write(self):
        with self.changed:
            self.writers -= 1
            self.changed.notify_all()


class Controller:
    def __init__(self):
        self.lock = RWLock()
        self.more = threading.Condition()
        self.jobs = 0


def setup():
    return Controller()


def worker(c):
    c.lock.acquire_read()
    with c.more:
        c.more.wait_for(lambda: c.jobs)
    c.lock.release_read()


def sync(c):
    c.lock.acquire_write()
    c.lock.release_write()


def bring(c):
    c.lock.acquire_read()
    with c.more:
        c.jobs += 1
        c.more.notify()
    c.lock.release_read()


THREADS = [worker, sync, bring]
