"""The resolver is stored before the thread is started.

GoKer grpc-go#3090, repaired.
"""

import threading


class Resolver:
    def resolve(self):
        return "address"


class Wrapper:
    def __init__(self):
        self.resolver = None
        self.resolver = Resolver()
        self.poll()

    def poll(self):
        self.thread = threading.Thread(target=self.resolve_now)
        self.thread.start()

    def resolve_now(self):
        self.resolver.resolve()


Wrapper().thread.join()
