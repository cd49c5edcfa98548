"""Whoever waits for an answer can leave first; the answer then finds no taker.

GoKer grpc-go#660: deadlock at 0 preemptions.
"""

import queue
import threading

done = queue.Queue(maxsize=1)
done.put("left over")
stop = threading.Event()


def call():
    done.put("answer")


caller = threading.Thread(target=call)
caller.start()
stop.set()
if not stop.is_set():
    done.get()
