"""A job hands a job to its own pool of one and waits for it.

Ends: deadlock.
"""

from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=1)


def page(url):
    image = pool.submit(len, url)
    return image.result()


print(pool.submit(page, "/start").result())
