"""A list is built, handed over in a queue, and not touched any more: nothing is wrong.

Ends: safe.
"""

import queue
import threading

orders = queue.Queue()


def kitchen():
    while (order := orders.get()) is not None:
        order.append("cooked")
        assert len(order) == 2


cook = threading.Thread(target=kitchen)
cook.start()
for dish in ("soup", "bread"):
    orders.put([dish])
orders.put(None)
cook.join()
