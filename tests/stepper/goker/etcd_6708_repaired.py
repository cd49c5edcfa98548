"""The leader is asked for before the lock is taken.

GoKer etcd#6708, repaired.
"""

import threading


class Client:
    def __init__(self):
        self.lock = threading.Lock()
        self.endpoints = ["a", "b"]

    def leader(self):
        with self.lock:
            return self.endpoints[0]

    def sync(self):
        leader = self.leader()
        with self.lock:
            self.endpoints = [leader]


client = Client()
syncer = threading.Thread(target=client.sync)
syncer.start()
print(client.leader())
syncer.join()
