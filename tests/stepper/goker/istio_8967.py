"""Stopping sets the end's event to None, which the thread is about to wait for.

GoKer istio#8967: broken at 0 preemptions.
"""

import threading


class Source:
    def __init__(self):
        self.done = threading.Event()

    def run(self):
        while not self.done.is_set():
            self.done.wait()

    def stop(self):
        self.done.set()
        self.done = None


source = Source()
threading.Thread(target=source.run).start()
source.stop()
