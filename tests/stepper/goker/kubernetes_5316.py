"""Whoever asked gives up after a while; result and error then find no taker.

GoKer kubernetes#5316: deadlock at 0 preemptions.
"""

import queue
import threading
import time

answers = queue.Queue(maxsize=1)


def request():
    answers.put("result")
    answers.put("error")


thread = threading.Thread(target=request)
thread.start()
time.sleep(0.1)
thread.join()
