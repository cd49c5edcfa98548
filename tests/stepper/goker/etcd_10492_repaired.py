"""The lock is one that its owner may take again.

GoKer etcd#10492, repaired.
"""

import threading


class Lessor:
    def __init__(self):
        self.lock = threading.RLock()
        self.checkpoints = 0

    def checkpoint(self):
        with self.lock:
            self.checkpoints += 1

    def renew(self):
        with self.lock:
            self.checkpoint()


lessor = Lessor()
renewal = threading.Thread(target=lessor.renew)
renewal.start()
lessor.checkpoint()
renewal.join()
