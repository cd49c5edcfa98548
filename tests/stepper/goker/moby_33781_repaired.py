"""Each probe has a place of its own for its result.

GoKer moby#33781, repaired.
"""

import queue
import threading


def probe(results, number):
    results.put(number)


threads = []
for number in range(2):
    thread = threading.Thread(target=probe, args=(queue.Queue(maxsize=1), number))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
