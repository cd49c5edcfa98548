"""A job that fails is not marked as done, and the queue is waited for.

Ends: broken|deadlock.
"""

import queue
import threading

jobs = queue.Queue()


def worker():
    while True:
        n = jobs.get()
        print(100 // n)
        jobs.task_done()


threading.Thread(target=worker, daemon=True).start()
for n in (5, 0):
    jobs.put(n)
jobs.join()
