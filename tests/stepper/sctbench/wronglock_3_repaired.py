"""All hold the same lock.

SCTBench CS.wronglock_3_bad, repaired.
"""

import threading

OTHERS = 3
data_lock, other_lock = threading.Lock(), threading.Lock()
data = 0


def careful():
    global data
    with data_lock:
        before = data
        data += 1
        assert data == before + 1, (before, data)


def other():
    global data
    with data_lock:
        data += 1


threads = [threading.Thread(target=careful)]
threads += [threading.Thread(target=other) for _ in range(OTHERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
