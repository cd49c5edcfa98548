"""The queued heartbeats are taken out under the lock and sent without it.

GoKer cockroach#10214, repaired.
"""

from threading import Lock


class Store:
    def __init__(self):
        self.heartbeat_lock, self.raft_lock = Lock(), Lock()
        self.heartbeats = [1]

    def send_queued(self):
        with self.heartbeat_lock:
            taken, self.heartbeats = self.heartbeats, []
        for _ in taken:
            self.send()

    def send(self):
        with self.raft_lock:
            pass

    def step(self):
        with self.raft_lock, self.heartbeat_lock:
            self.heartbeats.append(2)


def setup():
    return Store()


def sender(store):
    store.send_queued()


def stepper(store):
    store.step()


THREADS = [sender, stepper]
