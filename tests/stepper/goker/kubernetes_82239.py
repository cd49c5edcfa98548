"""A volume is copied entry by entry while its owner adds another one.

GoKer kubernetes#82239: broken at 1 preemption.
"""

import threading

lock = threading.Lock()
annotations = {"a": 1}


def copy():
    return {key: value for key, value in annotations.items()}


def annotate():
    with lock:
        annotations["b"] = 2


threads = [threading.Thread(target=copy), threading.Thread(target=annotate)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
