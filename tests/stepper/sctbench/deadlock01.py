"""Two locks in opposite order.

SCTBench CS.deadlock01_bad: deadlock at 1 preemption.
"""

import threading

a, b = threading.Lock(), threading.Lock()
counter = 1


def up():
    global counter
    with a:
        with b:
            counter += 1


def down():
    global counter
    with b:
        with a:
            counter -= 1


threads = [threading.Thread(target=up), threading.Thread(target=down)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
