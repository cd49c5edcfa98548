"""A read buffer is emptied while another thread looks something up in it.

GoKer etcd#9446: broken at 1 preemption.
"""

import threading

buckets = {"key": "value"}


def reset():
    for key in list(buckets):
        del buckets[key]


def lookup():
    return buckets["key"] if "key" in buckets else None


threads = [threading.Thread(target=reset), threading.Thread(target=lookup)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
