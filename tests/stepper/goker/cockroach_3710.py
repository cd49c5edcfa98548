"""A reader takes the read lock twice; a writer that asks in between is let in before the second.

GoKer cockroach#3710: deadlock at 1 preemption.
"""

import threading


class RWLock:
    """Readers wait for writers that have asked before them."""

    def __init__(self):
        self.changed = threading.Condition()
        self.readers = self.writers_waiting = 0
        self.writing = False

    def acquire_read(self):
        with self.changed:
            while self.writing or self.writers_waiting:
                self.changed.wait()
            self.readers += 1

    def release_read(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def acquire_write(self):
        with self.changed:
            self.writers_waiting += 1
            while self.writing or self.readers:
                self.changed.wait()
            self.writers_waiting -= 1
            self.writing = True

    def release_write(self):
        with self.changed:
            self.writing = False
            self.changed.notify_all()


class Store:
    def __init__(self):
        self.lock = RWLock()

    def scan(self):
        self.lock.acquire_read()
        self.raft_status()
        self.lock.release_read()

    def raft_status(self):
        self.lock.acquire_read()
        self.lock.release_read()

    def process(self):
        self.lock.acquire_write()
        self.lock.release_write()


store = Store()
threads = [threading.Thread(target=store.scan), threading.Thread(target=store.process)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
