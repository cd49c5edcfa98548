"""The number of evictions is looked at before the evicter has come to its turn.

GoKer istio#8144: broken at 0 preemptions.
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
assert callbacks == 1
