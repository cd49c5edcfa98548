"""A renewal calls the checkpointer under the lock; the checkpointer takes it again.

GoKer etcd#10492: deadlock at 0 preemptions.
"""

import threading


class Lessor:
    def __init__(self):
        self.lock = threading.Lock()
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
