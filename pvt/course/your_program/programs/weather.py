"""Ask forty weather stations for their temperature. It got a pool, and still takes two seconds."""

import time
from concurrent.futures import ThreadPoolExecutor


def ask(station):
    """The answer of a station; it comes a tenth of a second later."""
    time.sleep(0.1)
    return 10 + station % 7


if __name__ == "__main__":
    with ThreadPoolExecutor(max_workers=2) as pool:
        temperatures = list(pool.map(ask, range(40)))
    print(f"{sum(temperatures) / len(temperatures):.1f} degrees on average")
