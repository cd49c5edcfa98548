"""The lock is given back.

GoKer grpc-go#795, repaired.
"""

import threading


class Server:
    def __init__(self):
        self.lock = threading.Lock()
        self.draining = False

    def graceful_stop(self):
        with self.lock:
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
