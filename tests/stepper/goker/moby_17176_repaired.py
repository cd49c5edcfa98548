"""The lock is given back in any case.

GoKer moby#17176, repaired.
"""

from threading import Lock


class Devices:
    def __init__(self):
        self.lock = Lock()
        self.to_delete = 0

    def clean_up(self):
        with self.lock:
            self.to_delete = 0

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
