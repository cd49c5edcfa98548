"""Dialling fails and returns nothing; the thread that keeps the connection up is never told to end.

GoKer grpc-go#862: deadlock at 0 preemptions.
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
        return None
    return connection


assert dial("nowhere") is None
