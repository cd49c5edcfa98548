"""Each thread is given the value.

GoKer cockroach#35501, repaired.
"""

import threading

checks = ["first", "second"]
validated = []
threads = []
for check in checks:
    thread = threading.Thread(target=validated.append, args=(check,))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
assert sorted(validated) == checks, validated
