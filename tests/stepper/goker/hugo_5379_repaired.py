"""The inner call uses what is there already.

GoKer hugo#5379, repaired.
"""

import threading


class Once:
    def __init__(self):
        self.lock = threading.Lock()
        self.done = False

    def do(self, job):
        with self.lock:
            if not self.done:
                job()
                self.done = True


class Page:
    def __init__(self):
        self.init = Once()
        self.text = None

    def prepare(self):
        self.text = "text"
        self.size = len(self.text)

    def length(self):
        self.init.do(self.prepare)
        return len(self.text)


page = Page()
threads = [threading.Thread(target=page.length) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
