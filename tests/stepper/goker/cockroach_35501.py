"""Threads are given the loop's variable instead of its value: they see what it has become.

GoKer cockroach#35501: broken at 0 preemptions.
"""

import threading

checks = ["first", "second"]
validated = []
threads = []
for check in checks:
    thread = threading.Thread(target=lambda: validated.append(check))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
assert sorted(validated) == checks, validated
