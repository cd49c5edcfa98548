"""A plugin that fails to start wakes nobody: who waits for it to become active waits for ever.

GoKer moby#30408: deadlock at 0 preemptions.
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

    def wait_active(self):
        with self.changed:
            while not self.active:
                self.changed.wait()


plugin = Plugin()
waiter = threading.Thread(target=plugin.wait_active)
waiter.start()
plugin.activate()
waiter.join()
