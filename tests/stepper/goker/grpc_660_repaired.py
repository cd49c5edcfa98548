"""There is room for the answer of one who is late.

GoKer grpc-go#660, repaired.
"""

import queue
import threading

done = queue.Queue(maxsize=1)
done.put("left over")
stop = threading.Event()


def call():
    try:
        done.put_nowait("answer")
    except queue.Full:
        pass


caller = threading.Thread(target=call)
caller.start()
stop.set()
if not stop.is_set():
    done.get()
