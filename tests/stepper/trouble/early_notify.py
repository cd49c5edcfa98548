"""The consumer waits without looking whether there is something already.

Ends: deadlock.
"""

import threading

items = []
there = threading.Condition()


def consume():
    with there:
        there.wait()
        print(items.pop())


def produce():
    with there:
        items.append("bread")
        there.notify()


c = threading.Thread(target=consume)
p = threading.Thread(target=produce)
c.start()
p.start()
c.join()
p.join()
