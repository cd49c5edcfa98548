"""The consumer takes the item before it wakes the producer.

SCTBench CS.sync01_bad, repaired.
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
        items -= 1
        empty.notify()


threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
