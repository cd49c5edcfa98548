"""Four pieces of work, one of them five times as long: at the end one process computes and the
other is idle.
"""

from concurrent.futures import ProcessPoolExecutor


def work(size):
    return sum(number * number for number in range(size * 1_000_000))


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(sum(pool.map(work, [3, 3, 3, 24])))
