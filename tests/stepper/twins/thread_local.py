"""What the main thread puts into a threading.local no other thread sees."""

import threading

local = threading.local()
local.user = "main"
seen = []


def work():
    seen.append(local.user)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert seen == ["me", "me"]
