"""A worker is told to stop by a flag while it waits for its next job.

Ends: deadlock.
"""

import threading
from queue import Queue

jobs = Queue()
running = True


def worker():
    while running:
        job = jobs.get()
        print("done", job)


thread = threading.Thread(target=worker)
thread.start()
jobs.put("letter")
running = False
thread.join()
