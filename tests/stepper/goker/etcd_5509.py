"""A closed client returns an error and keeps the lock, so that nobody can close it any more.

GoKer etcd#5509: deadlock at 0 preemptions.
"""

import threading


class Client:
    def __init__(self):
        self.lock = threading.Lock()
        self.connection = None

    def acquire(self):
        self.lock.acquire()
        if self.connection is None:
            return "closed"
        self.lock.release()
        return None

    def close(self):
        with self.lock:
            self.connection = None


client = Client()
user = threading.Thread(target=client.acquire)
user.start()
client.close()
user.join()
