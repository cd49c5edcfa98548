"""The lock over all locks is held while one of them is waited for; giving that one back needs the
lock over all.

GoKer hugo#3251: deadlock at 1 preemption.
"""

import threading


class RemoteLock:
    def __init__(self):
        self.all = threading.Lock()
        self.locks = {}

    def lock(self, url):
        with self.all:
            if url not in self.locks:
                self.locks[url] = threading.Lock()
            self.locks[url].acquire()

    def unlock(self, url):
        with self.all:
            self.locks[url].release()


remote = RemoteLock()


def get():
    remote.lock("/page")
    remote.unlock("/page")


threads = [threading.Thread(target=get) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
