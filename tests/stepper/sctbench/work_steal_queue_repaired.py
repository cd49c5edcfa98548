"""The owner takes the lock too.

SCTBench chess.WSQ, repaired.
"""

from threading import Lock


class Ring:
    def __init__(self, size):
        self.places = [None] * size
        self.head = self.tail = 0
        self.lock = Lock()

    def push(self, item):
        with self.lock:
            if self.tail - self.head >= len(self.places):
                return False
            self.places[self.tail % len(self.places)] = item
            self.tail += 1
            return True

    def steal(self):
        with self.lock:
            head = self.head
            self.head = head + 1
            if head < self.tail:
                return self.places[head % len(self.places)]
            self.head = head
            return None


def setup():
    ring = Ring(2)
    ring.push("a")
    ring.push("b")
    ring.stolen = ring.refused = None
    return ring


def thief(ring):
    ring.stolen = ring.steal()


def owner(ring):
    if not ring.push("c"):
        ring.refused = "c"


THREADS = [thief, owner]


def safe(ring):
    return ring.stolen == "a"
