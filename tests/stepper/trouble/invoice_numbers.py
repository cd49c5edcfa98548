"""Two invoices get the same number.

Ends: broken.
"""

import threading

last = {"number": 0}
used = []


def invoice():
    number = last["number"] + 1
    last["number"] = number
    used.append(number)


threads = [threading.Thread(target=invoice) for _ in range(2)]
[t.start() for t in threads]
[t.join() for t in threads]
assert len(set(used)) == 2, used
