"""The inner function relies on its caller's lock.

GoKer moby#36114, repaired.
"""

import threading


class Machine:
    def __init__(self):
        self.lock = threading.Lock()
        self.disks = ["a"]

    def start(self):
        with self.lock:
            self.hot_remove()

    def hot_remove(self):
        self.disks.clear()


machine = Machine()
thread = threading.Thread(target=machine.start)
thread.start()
thread.join()
