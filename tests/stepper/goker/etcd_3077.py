"""The events that the server stops with are made by the thread that is to be stopped: it may not
have made them yet.

GoKer etcd#3077: broken at 0 preemptions.
"""

import threading


class Raft:
    def __init__(self):
        self.stopped = None

    def run(self):
        self.stopped = threading.Event()
        self.stopped.wait()


raft = Raft()
threading.Thread(target=raft.run).start()
raft.stopped.set()
