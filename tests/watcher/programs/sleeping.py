"""Three threads sleep."""

import threading
import time


def work():
    for _ in range(10):
        time.sleep(0.1)


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
