"""A lock is taken and never given back: whoever comes second waits for ever.

SCTBench CS.phase01_bad: deadlock at 0 preemptions.
"""

import threading

x, y = threading.Lock(), threading.Lock()


def phases():
    x.acquire()
    x.release()
    x.acquire()
    y.acquire()
    y.release()


threads = [threading.Thread(target=phases) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
