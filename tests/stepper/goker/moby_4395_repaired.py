"""There is room for the result.

GoKer moby#4395, repaired.
"""

import queue
import threading

slot = queue.Queue(maxsize=1)


def attach(result):
    slot.put(result)


def run():
    threads = [threading.Thread(target=attach, args=(part,)) for part in ("stdout", "stderr")]
    for thread in threads:
        thread.start()
    return [slot.get() for _ in threads]


run()
