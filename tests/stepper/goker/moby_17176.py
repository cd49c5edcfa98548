"""When there is nothing to delete, the lock over all devices is kept.

GoKer moby#17176: deadlock at 0 preemptions.
"""

from threading import Lock


class Devices:
    def __init__(self):
        self.lock = Lock()
        self.to_delete = 0

    def clean_up(self):
        self.lock.acquire()
        if not self.to_delete:
            return
        self.to_delete = 0
        self.lock.release()

    def delete(self):
        with self.lock:
            self.to_delete += 1


def setup():
    return Devices()


def cleaner(devices):
    devices.clean_up()


def user(devices):
    devices.delete()


THREADS = [cleaner, user]
