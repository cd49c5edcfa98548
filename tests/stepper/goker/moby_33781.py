"""A probe whose time is over is forgotten; its result finds no taker and the thread stays for ever.

GoKer moby#33781: deadlock at 0 preemptions.
"""

import queue
import threading

results = queue.Queue(maxsize=1)


def probe(results, number):
    results.put(number)


threads = []
for number in range(2):
    thread = threading.Thread(target=probe, args=(results, number))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
