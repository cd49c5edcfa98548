"""Four writers each store two values one after the other: a reader sees the first without the second.

SCTBench CS.reorder_5_bad: broken at 1 preemption.
"""

import threading

WRITERS = 4
a = b = 0


def write():
    global a, b
    a = 1
    b = -1


def read():
    assert (a, b) in ((0, 0), (1, -1))


threads = [threading.Thread(target=write) for _ in range(WRITERS)]
threads.append(threading.Thread(target=read))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
