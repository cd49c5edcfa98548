"""There is room for result and error.

GoKer kubernetes#5316, repaired.
"""

import queue
import threading
import time

answers = queue.Queue(maxsize=2)


def request():
    answers.put("result")
    answers.put("error")


thread = threading.Thread(target=request)
thread.start()
time.sleep(0.1)
thread.join()
