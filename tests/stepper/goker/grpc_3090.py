"""The resolver is used by a thread that its own construction starts, before it has been stored.

GoKer grpc-go#3090: broken at 0 preemptions.
"""

import threading


class Resolver:
    def resolve(self):
        return "address"


class Wrapper:
    def __init__(self):
        self.resolver = None
        self.poll()
        self.resolver = Resolver()

    def poll(self):
        self.thread = threading.Thread(target=self.resolve_now)
        self.thread.start()

    def resolve_now(self):
        self.resolver.resolve()


Wrapper().thread.join()
