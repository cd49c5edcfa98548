"""Four threads want one lock, which is held nearly all of the time."""

import threading
import time

book = threading.Lock()


def work():
    for _ in range(15):
        with book:
            time.sleep(0.02)
        time.sleep(0.005)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
