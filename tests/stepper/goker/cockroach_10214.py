"""Heartbeats are sent under their lock and need the raft lock; a step holds the raft lock and
queues a heartbeat.

GoKer cockroach#10214: deadlock at 1 preemption.
"""

from threading import Lock


class Store:
    def __init__(self):
        self.heartbeat_lock, self.raft_lock = Lock(), Lock()
        self.heartbeats = [1]

    def send_queued(self):
        with self.heartbeat_lock:
            for _ in self.heartbeats:
                self.send()
            self.heartbeats.clear()

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
