"""Setting the endpoints asks for the leader under the lock that asking for the leader takes.

GoKer etcd#6708: deadlock at 0 preemptions.
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
        with self.lock:
            self.endpoints = [self.leader()]


client = Client()
syncer = threading.Thread(target=client.sync)
syncer.start()
print(client.leader())
syncer.join()
