"""The events are made before the thread is started.

GoKer etcd#3077, repaired.
"""

import threading


class Raft:
    def __init__(self):
        self.stopped = threading.Event()

    def run(self):
        self.stopped.wait()


raft = Raft()
threading.Thread(target=raft.run).start()
raft.stopped.set()
