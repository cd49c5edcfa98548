"""The status is sent without the lock.

GoKer kubernetes#10182, repaired.
"""

import queue
import threading


class Manager:
    def __init__(self):
        self.lock = threading.Lock()
        self.updates = queue.Queue(maxsize=1)
        self.statuses = {}

    def set_statuses(self):
        for pod in "abc":
            with self.lock:
                self.statuses[pod] = "running"
            self.updates.put(pod)

    def sync(self):
        for _ in range(3):
            pod = self.updates.get()
            with self.lock:
                del self.statuses[pod]


manager = Manager()
threads = [threading.Thread(target=job) for job in (manager.sync, manager.set_statuses)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
