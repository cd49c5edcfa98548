"""What was begun is closed when dialling fails.

GoKer grpc-go#862, repaired.
"""

import threading


class Connection:
    def __init__(self):
        self.closed = threading.Event()
        threading.Thread(target=self.keep_up).start()

    def keep_up(self):
        self.closed.wait()

    def close(self):
        self.closed.set()


def dial(address):
    connection = Connection()
    if address == "nowhere":
        connection.close()
        return None
    return connection


assert dial("nowhere") is None
