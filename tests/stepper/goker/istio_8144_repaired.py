"""The evicter is waited for.

GoKer istio#8144, repaired.
"""

import threading

entries = {1: 1}
callbacks = 0


def evict():
    global callbacks
    for _ in list(entries):
        callbacks += 1


evicter = threading.Thread(target=evict)
evicter.start()
evicter.join()
assert callbacks == 1
