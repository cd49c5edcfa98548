"""Both take the locks in the same order.

SCTBench CS.deadlock01_bad, repaired.
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
    with a:
        with b:
            counter -= 1


threads = [threading.Thread(target=up), threading.Thread(target=down)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
