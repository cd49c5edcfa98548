"""Closing sets the wrapper to None while an update is on its way to it.

GoKer grpc-go#2371: broken at 1 preemption.
"""

import threading


class Wrapper:
    def __init__(self):
        self.updates = []

    def handle(self, update):
        self.updates.append(update)


class Connection:
    def __init__(self):
        self.lock = threading.Lock()
        self.wrapper = Wrapper()

    def handle_config(self):
        if self.wrapper is not None:
            self.wrapper.handle("config")

    def close(self):
        with self.lock:
            self.wrapper = None


connection = Connection()
watcher = threading.Thread(target=connection.handle_config)
watcher.start()
connection.close()
watcher.join()
