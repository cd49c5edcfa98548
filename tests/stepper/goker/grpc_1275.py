"""Closing a stream does not wake the reader that waits for its next message, and is then waited
for.

GoKer grpc-go#1275: deadlock at 0 preemptions.
"""

import queue
import threading


class Stream:
    def __init__(self):
        self.received = queue.Queue()

    def read(self):
        return self.received.get()

    def close(self):
        pass


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
