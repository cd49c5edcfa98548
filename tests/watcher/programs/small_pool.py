"""A pool of 2 for 20 waits of a tenth of a second."""

import time
from concurrent.futures import ThreadPoolExecutor


def fetch(number):
    time.sleep(0.1)
    return number


with ThreadPoolExecutor(max_workers=2) as pool:
    print(sum(pool.map(fetch, range(20))))
