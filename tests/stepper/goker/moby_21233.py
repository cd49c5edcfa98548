"""A failed check ends the thread that takes progress out; the one that reports progress waits for
ever.

GoKer moby#21233: deadlock at 0 preemptions.
"""

import queue
import threading

progress = queue.Queue(maxsize=1)


def report():
    for percent in (0, 25, 50, 100):
        progress.put(percent)


def check():
    for expected in (0, 100):
        if progress.get() != expected:
            return


threads = [threading.Thread(target=report), threading.Thread(target=check)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
