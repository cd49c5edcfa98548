"""Visits are counted in a dictionary by a pool; some are lost.

Ends: outputs.
"""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

visits = defaultdict(int)


def visit(page):
    visits[page] += 1


with ThreadPoolExecutor(2) as pool:
    pool.map(visit, ["/", "/"])
print(dict(visits))
