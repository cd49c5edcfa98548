"""The lock is given back on every way out.

GoKer grpc-go#3017, repaired.
"""

from threading import Lock


class Cache:
    def __init__(self):
        self.lock = Lock()
        self.abort = False
        self.connections = {"a": 1}

    def delete(self):
        with self.lock:
            if not self.abort:
                self.connections.pop("a", None)

    def use(self):
        with self.lock:
            self.abort = True
        with self.lock:
            self.connections["a"] = 2


def setup():
    return Cache()


def timer(cache):
    cache.delete()


def user(cache):
    cache.use()


THREADS = [timer, user]
