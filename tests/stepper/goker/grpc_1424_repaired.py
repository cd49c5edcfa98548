"""There is room for both.

GoKer grpc-go#1424, repaired.
"""

import queue
import threading

errors = queue.Queue(maxsize=2)


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
