"""The config is read before the lock is taken.

GoKer cockroach#16167, repaired.
"""

import threading


class Executor:
    def __init__(self):
        self.config_lock = threading.Lock()
        self.database = None
        self.ready = threading.Condition(self.config_lock)

    def update(self):
        with self.ready:
            self.database = "db"
            self.ready.notify_all()

    def cached(self):
        with self.config_lock:
            return self.database

    def execute(self):
        if self.cached() is None:
            return
        with self.config_lock:
            self.database += "!"


executor = Executor()
updater = threading.Thread(target=executor.update)
updater.start()
executor.execute()
updater.join()
