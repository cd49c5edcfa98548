"""As many processes as cores compute the same amount, evenly."""

import multiprocessing
import os


def work():
    total = 0
    for number in range(30_000_000):
        total += number


if __name__ == "__main__":
    crew = [multiprocessing.Process(target=work) for _ in range(len(os.sched_getaffinity(0)))]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
