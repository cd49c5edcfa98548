"""A singleton by metaclass is made twice."""

import threading


class Single(type):
    made = {}

    def __call__(cls, *a):
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*a)
        return cls.made[cls]


class Db(metaclass=Single):
    n = []

    def __init__(self):
        Db.n.append(1)


def work():
    Db()


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert len(Db.n) == 1
