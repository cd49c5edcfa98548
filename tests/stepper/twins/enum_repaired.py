"""A state machine with an Enum and match. Repaired."""

import enum
import threading


class S(enum.Enum):
    NEW = 1
    DONE = 2


state = S.NEW
ran = []
lock = threading.Lock()


def work():
    global state
    with lock:
        match state:
            case S.NEW:
                state = S.DONE
                ran.append(1)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert len(ran) == 1
