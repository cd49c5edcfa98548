"""Leaving the loop early, the first thread keeps the lock.

GoKer cockroach#584: deadlock at 0 preemptions.
"""

import threading


class Gossip:
    def __init__(self):
        self.lock = threading.Lock()
        self.closed = True

    def bootstrap(self):
        self.lock.acquire()
        if self.closed:
            return
        self.lock.release()

    def manage(self):
        with self.lock:
            pass


gossip = Gossip()
threads = [threading.Thread(target=gossip.bootstrap), threading.Thread(target=gossip.manage)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
