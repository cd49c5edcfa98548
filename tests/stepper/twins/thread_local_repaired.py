"""What the main thread puts into a threading.local no other thread sees. Repaired."""

import threading

local = threading.local()
seen = []


def work():
    local.user = "me"
    seen.append(local.user)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert seen == ["me", "me"]
