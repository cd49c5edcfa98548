"""A timer saves into what has been closed.

Ends: broken.
"""

import threading


class Document:
    def __init__(self):
        self.closed = False
        self.saved = []
        self.timer = threading.Timer(5, self.save)
        self.timer.start()

    def save(self):
        if self.closed:
            raise ValueError("saved after it was closed")
        self.saved.append("text")

    def close(self):
        self.timer.cancel()
        self.closed = True


Document().close()
