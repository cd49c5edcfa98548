"""Count the visits of a page in two threads. It is fast, and now and then the count is too low."""

import threading

visits, PAGE = {"home": 0}, "home"


def seen(page):
    return visits[page]


def visitor():
    """Come 500,000 times."""
    for _ in range(500_000):
        before = seen(PAGE)
        visits[PAGE] = before + 1


if __name__ == "__main__":
    visitors = [threading.Thread(target=visitor) for _ in range(2)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    print(f"{visits[PAGE]:,} of 1,000,000 visits")
