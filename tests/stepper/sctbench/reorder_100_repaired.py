"""The writers and the reader take a lock.

SCTBench CS.reorder_100_bad, repaired.
"""

import threading

WRITERS = 99
a = b = 0
lock = threading.Lock()


def write():
    global a, b
    with lock:
        a = 1
        b = -1


def read():
    with lock:
        assert (a, b) in ((0, 0), (1, -1))


threads = [threading.Thread(target=write) for _ in range(WRITERS)]
threads.append(threading.Thread(target=read))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
