"""The lock is given back on every way out.

GoKer cockroach#584, repaired.
"""

import threading


class Gossip:
    def __init__(self):
        self.lock = threading.Lock()
        self.closed = True

    def bootstrap(self):
        with self.lock:
            if self.closed:
                return

    def manage(self):
        with self.lock:
            pass


gossip = Gossip()
threads = [threading.Thread(target=gossip.bootstrap), threading.Thread(target=gossip.manage)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
