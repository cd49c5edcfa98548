"""The lock is given back on every way out.

GoKer etcd#5509, repaired.
"""

import threading


class Client:
    def __init__(self):
        self.lock = threading.Lock()
        self.connection = None

    def acquire(self):
        with self.lock:
            if self.connection is None:
                return "closed"
        return None

    def close(self):
        with self.lock:
            self.connection = None


client = Client()
user = threading.Thread(target=client.acquire)
user.start()
client.close()
user.join()
