"""A transaction starts a thread that waits for its end; an error returns without saying that it is
over.

GoKer cockroach#13197: deadlock at 0 preemptions.
"""

import threading


class Transaction:
    def __init__(self):
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.over.wait)
        self.watcher.start()

    def commit(self, rows):
        if not rows:
            return "nothing to commit"
        self.over.set()
        return "done"


print(Transaction().commit([]))
