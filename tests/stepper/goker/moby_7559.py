"""After a failed connection the loop goes on with the lock held, and takes it again.

GoKer moby#7559: deadlock at 0 preemptions.
"""

import threading

lock = threading.Lock()
table = {}


def proxy():
    for address in ("nowhere", "here"):
        lock.acquire()
        if address == "nowhere":
            continue
        table[address] = "connection"
        lock.release()


thread = threading.Thread(target=proxy)
thread.start()
thread.join()
