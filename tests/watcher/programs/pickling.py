"""Processes send lists of numbers to and fro: some 100 MB of pickles, and hardly any work."""

from concurrent.futures import ProcessPoolExecutor


def same(numbers):
    return numbers


if __name__ == "__main__":
    numbers = [number * 1_000_000_007 for number in range(600_000)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        for found in pool.map(same, [numbers] * 24):
            assert len(found) == len(numbers)
