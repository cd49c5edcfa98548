"""An error goes into the results' full queue; whoever stops does not read what is left.

GoKer kubernetes#25331: deadlock at 0 preemptions.
"""

import queue
import threading

results = queue.Queue(maxsize=1)
stopped = threading.Event()


def watch():
    for event in ("added", "error"):
        results.put(event)


watcher = threading.Thread(target=watch)
watcher.start()
stopped.set()
watcher.join()
