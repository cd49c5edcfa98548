"""What is to happen once needs, on the way, that it has happened.

GoKer hugo#5379: deadlock at 0 preemptions.
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
        self.length()

    def length(self):
        self.init.do(self.prepare)
        return len(self.text)


page = Page()
threads = [threading.Thread(target=page.length) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
