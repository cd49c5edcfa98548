"""The dispatcher closes the connection, which waits for the dispatcher to end.

GoKer syncthing#5795: deadlock at 0 preemptions.
"""

import queue
import threading


class Connection:
    def __init__(self):
        self.inbox = queue.Queue()
        self.ended = threading.Event()
        self.dispatcher = threading.Thread(target=self.dispatch)

    def dispatch(self):
        while True:
            if self.inbox.get() == "close":
                self.close()
                break
        self.ended.set()

    def close(self):
        self.ended.wait()


connection = Connection()
connection.dispatcher.start()
connection.inbox.put("hello")
connection.inbox.put("close")
connection.dispatcher.join()
