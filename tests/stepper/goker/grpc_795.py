"""A graceful stop returns without giving the lock back; the second one, and everybody else, waits
for ever.

GoKer grpc-go#795: deadlock at 0 preemptions.
"""

import threading


class Server:
    def __init__(self):
        self.lock = threading.Lock()
        self.draining = False

    def graceful_stop(self):
        self.lock.acquire()
        if self.draining:
            return
        self.draining = True

    def serve(self):
        with self.lock:
            pass


server = Server()
serving = threading.Thread(target=server.serve)
serving.start()
server.graceful_stop()
server.graceful_stop()
serving.join()
