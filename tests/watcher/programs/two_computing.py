"""Two threads compute in Python."""

import threading


def work():
    total = 0
    for number in range(25_000_000):
        total += number


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
