"""There is room for every result.

GoKer cockroach#10790, repaired.
"""

import queue
import threading

results = queue.Queue(maxsize=2)
cancelled = threading.Event()
cancelled.set()


def command(number):
    results.put(number)


def begin_commands():
    threads = [threading.Thread(target=command, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        if cancelled.is_set():
            return
        print(results.get())


begin_commands()
