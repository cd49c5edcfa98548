"""A failure wakes those who wait, and is told to them.

GoKer moby#30408, repaired.
"""

import threading


class Plugin:
    def __init__(self):
        self.changed = threading.Condition()
        self.active = False
        self.error = None

    def activate(self):
        with self.changed:
            self.error = "no such socket"
            self.changed.notify_all()

    def wait_active(self):
        with self.changed:
            while not self.active and not self.error:
                self.changed.wait()


plugin = Plugin()
waiter = threading.Thread(target=plugin.wait_active)
waiter.start()
plugin.activate()
waiter.join()
