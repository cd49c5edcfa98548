"""The end is announced on every way out.

GoKer cockroach#13197, repaired.
"""

import threading


class Transaction:
    def __init__(self):
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.over.wait)
        self.watcher.start()

    def commit(self, rows):
        if not rows:
            self.over.set()
            return "nothing to commit"
        self.over.set()
        return "done"


print(Transaction().commit([]))
