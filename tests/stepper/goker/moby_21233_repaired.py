"""What is left is taken out after a failed check.

GoKer moby#21233, repaired.
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
            while progress.get() != 100:
                pass
            return


threads = [threading.Thread(target=report), threading.Thread(target=check)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
