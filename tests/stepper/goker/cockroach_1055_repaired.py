"""The stopper waits without the lock.

GoKer cockroach#1055, repaired.
"""

from threading import Condition, Lock


class Stopper:
    def __init__(self):
        self.lock = Lock()
        self.tasks = 0
        self.idle = Condition()
        self.draining = False

    def start_task(self):
        with self.lock:
            if self.draining:
                return False
            self.tasks += 1
            return True

    def finish_task(self):
        with self.lock:
            pass
        with self.idle:
            self.tasks -= 1
            self.idle.notify_all()

    def stop(self):
        with self.lock:
            self.draining = True
        with self.idle:
            self.idle.wait_for(lambda: self.tasks == 0)


def setup():
    return Stopper()


def worker(stopper):
    if stopper.start_task():
        stopper.finish_task()


def stop(stopper):
    stopper.stop()


THREADS = [worker, stop]
