"""The lock is given back.

SCTBench CS.phase01_bad, repaired.
"""

import threading

x, y = threading.Lock(), threading.Lock()


def phases():
    x.acquire()
    x.release()
    x.acquire()
    y.acquire()
    y.release()
    x.release()


threads = [threading.Thread(target=phases) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
