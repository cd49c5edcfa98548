"""The lock is given back before the loop goes on.

GoKer moby#7559, repaired.
"""

import threading

lock = threading.Lock()
table = {}


def proxy():
    for address in ("nowhere", "here"):
        lock.acquire()
        if address == "nowhere":
            lock.release()
            continue
        table[address] = "connection"
        lock.release()


thread = threading.Thread(target=proxy)
thread.start()
thread.join()
