"""Two errors are reported to a caller that listens to one of them.

GoKer grpc-go#1424: deadlock at 0 preemptions.
"""

import queue
import threading

errors = queue.Queue(maxsize=1)


def dial(address):
    errors.put(f"{address}: refused")


def both():
    dial("first")
    dial("second")
    errors.put("gave up") if errors.empty() else None


worker = threading.Thread(target=both)
worker.start()
worker.join()
print(errors.get())
