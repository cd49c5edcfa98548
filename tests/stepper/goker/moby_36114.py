"""Starting a machine takes its lock and calls a function that takes it again.

GoKer moby#36114: deadlock at 0 preemptions.
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
        with self.lock:
            self.disks.clear()


machine = Machine()
thread = threading.Thread(target=machine.start)
thread.start()
thread.join()
