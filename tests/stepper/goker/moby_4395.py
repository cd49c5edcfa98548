"""The result of a job is put where nobody takes it any more.

GoKer moby#4395: deadlock at 0 preemptions.
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
    return slot.get()


run()
attach("late")
