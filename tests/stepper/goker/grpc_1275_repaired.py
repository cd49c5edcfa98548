"""Closing sends the reader a last message.

GoKer grpc-go#1275, repaired.
"""

import queue
import threading


class Stream:
    def __init__(self):
        self.received = queue.Queue()

    def read(self):
        return self.received.get()

    def close(self):
        self.received.put(None)


stream = Stream()
done = threading.Event()


def reader():
    while stream.read() is not None:
        pass
    done.set()


threading.Thread(target=reader).start()
stream.received.put("hello")
stream.close()
done.wait()
