"""A comprehension walks over a dict that grows. Repaired."""

import threading

users = {1: "a", 2: "b"}


def report():
    return [u for u in list(users.values())]


def join():
    users[3] = "c"


ts = [threading.Thread(target=f) for f in (report, join)]
for t in ts:
    t.start()
for t in ts:
    t.join()
