"""The state is read by a function that relies on its caller's lock.

GoKer kubernetes#62464, repaired.
"""

import threading


class State:
    """Readers wait for writers that have asked before them."""

    def __init__(self):
        self.changed = threading.Condition()
        self.readers = self.writers = 0

    def get(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.writers)
            self.readers += 1

    def put(self):
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def write(self):
        with self.changed:
            self.writers += 1
            self.changed.wait_for(lambda: not self.readers)
            self.writers -= 1
            self.changed.notify_all()


def setup():
    return State()


def reconcile(state):
    state.get()
    state.put()


def remove(state):
    state.write()


THREADS = [reconcile, remove]
