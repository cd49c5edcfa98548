"""The lookup is one step.

GoKer etcd#9446, repaired.
"""

import threading

buckets = {"key": "value"}


def reset():
    for key in list(buckets):
        del buckets[key]


def lookup():
    return buckets.get("key")


threads = [threading.Thread(target=reset), threading.Thread(target=lookup)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
