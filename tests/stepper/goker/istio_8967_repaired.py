"""The event stays where it is.

GoKer istio#8967, repaired.
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


source = Source()
threading.Thread(target=source.run).start()
source.stop()
