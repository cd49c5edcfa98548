"""Brighten photos in two processes."""

from concurrent.futures import ProcessPoolExecutor


def brighter(photo):
    """The photo, a little brighter."""
    photo[0] = min(255, photo[0] + 10)
    return photo


if __name__ == "__main__":
    photos = [[number % 256 * 1_000_003 for number in range(500_000)] for _ in range(16)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(brighter, photos))
    print(len(done), "photos")
