"""Stopping holds the lock while it waits for the thread that needs the lock for the last update.

GoKer etcd#6873: deadlock at 0 preemptions.
"""

import queue
import threading


class Broadcasts:
    def __init__(self):
        self.lock = threading.Lock()
        self.updates = queue.Queue()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while self.updates.get() is not None:
            self.coalesce()

    def coalesce(self):
        with self.lock:
            pass

    def update(self):
        self.updates.put(1)

    def stop(self):
        with self.lock:
            self.updates.put(None)
            self.thread.join()


broadcasts = Broadcasts()
broadcasts.update()
broadcasts.stop()
