"""Under the lock of the config a statement asks for the config, which takes the lock again.

GoKer cockroach#16167: deadlock at 0 preemptions.
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
        with self.config_lock:
            if self.database is None or self.cached():
                return


executor = Executor()
updater = threading.Thread(target=executor.update)
updater.start()
executor.execute()
updater.join()
