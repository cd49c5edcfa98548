"""os.environ is read, then written. Repaired."""

import os
import threading

os.environ["N"] = "0"
lock = threading.Lock()


def work():
    with lock:
        os.environ["N"] = str(int(os.environ["N"]) + 1)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert os.environ["N"] == "2"
