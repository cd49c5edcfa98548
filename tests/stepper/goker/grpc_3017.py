"""The removal of a cached connection is taken back: the thread that was to remove it leaves and
keeps the lock.

GoKer grpc-go#3017: deadlock at 1 preemption.
"""

from threading import Lock


class Cache:
    def __init__(self):
        self.lock = Lock()
        self.abort = False
        self.connections = {"a": 1}

    def delete(self):
        self.lock.acquire()
        if self.abort:
            return
        self.connections.pop("a", None)
        self.lock.release()

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
