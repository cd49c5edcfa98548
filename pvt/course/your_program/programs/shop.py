"""Four tills book into one ledger.

Somebody put the whole of it under the lock, to be on the safe side.
"""

import threading
import time

ledger = {}
guard = threading.Lock()


def price(item):
    """The price of an item, as another service says it."""
    time.sleep(0.01)
    return 3 + item % 5


def till(number):
    """Sell forty items."""
    for item in range(40):
        with guard:
            paid = price(item)
            ledger[number] = ledger.get(number, 0) + paid


if __name__ == "__main__":
    tills = [
        threading.Thread(target=till, args=(number,), name=f"till {number}") for number in range(4)
    ]
    for one in tills:
        one.start()
    for one in tills:
        one.join()
    print(sum(ledger.values()), "in the ledger")
