"""A place is given back that was never taken, because taking it timed out.

Ends: broken.
"""

import threading

places = threading.BoundedSemaphore(1)


def query():
    try:
        if not places.acquire(timeout=1):
            raise TimeoutError("no connection")
        print("rows")
    finally:
        places.release()


threads = [threading.Thread(target=query) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
