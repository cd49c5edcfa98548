"""As twostage, with 99 writers: only the first of them can be caught between the two values.

SCTBench CS.twostage_100_bad: broken at 1 preemption.
"""

import threading

WRITERS = 99
first_lock, second_lock = threading.Lock(), threading.Lock()
first = second = 0


def write():
    global first, second
    with first_lock:
        first = 1
    with second_lock:
        second = first + 1


def read():
    with first_lock:
        if first == 0:
            return
        seen = first
    with second_lock:
        assert second == seen + 1, (seen, second)


threads = [threading.Thread(target=write) for _ in range(WRITERS)]
threads.append(threading.Thread(target=read))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
