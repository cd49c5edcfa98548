"""The copy is made under the lock.

GoKer kubernetes#82239, repaired.
"""

import threading

lock = threading.Lock()
annotations = {"a": 1}


def copy():
    with lock:
        return {key: value for key, value in annotations.items()}


def annotate():
    with lock:
        annotations["b"] = 2


threads = [threading.Thread(target=copy), threading.Thread(target=annotate)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
