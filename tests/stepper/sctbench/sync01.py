"""The consumer wakes the producer without having taken anything: the producer goes on waiting for room.

SCTBench CS.sync01_bad: deadlock at 0 preemptions.
"""

import threading

lock = threading.Lock()
empty, full = threading.Condition(lock), threading.Condition(lock)
items = 1


def produce():
    global items
    with lock:
        while items > 0:
            empty.wait()
        items += 1
        full.notify()


def consume():
    global items
    with lock:
        while items == 0:
            full.wait()
        empty.notify()


threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
