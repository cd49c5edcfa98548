"""They are waited for after all have been started.

GoKer moby#25384, repaired.
"""

import threading

PLUGINS = 2
left = threading.Semaphore(0)


def restore():
    left.release()


for _ in range(PLUGINS):
    threading.Thread(target=restore).start()
for _ in range(PLUGINS):
    left.acquire()
