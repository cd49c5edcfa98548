"""There is room for all that the sender may have to say.

GoKer kubernetes#25331, repaired.
"""

import queue
import threading

results = queue.Queue()
stopped = threading.Event()


def watch():
    for event in ("added", "error"):
        results.put(event)


watcher = threading.Thread(target=watch)
watcher.start()
stopped.set()
watcher.join()
