"""A worker is counted in after the stopper has already seen that nobody is left.

GoKer cockroach#4407: broken at 1 preemption.
"""

from threading import Lock


class Stopper:
    def __init__(self):
        self.lock = Lock()
        self.workers = 0
        self.stopping = self.stopped = False

    def run_worker(self):
        if not self.stopping:
            with self.lock:
                self.workers += 1
            assert not self.stopped, "a worker runs after the stop"

    def stop(self):
        with self.lock:
            self.stopping = True
            if self.workers == 0:
                self.stopped = True


def setup():
    return Stopper()


def gossip(stopper):
    stopper.run_worker()


def stop(stopper):
    stopper.stop()


THREADS = [gossip, stop]
