"""Two transfers in opposite directions, each taking its source's lock first.

Ends: deadlock.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock


class Account:
    def __init__(self, owner, money):
        self.owner, self.money, self.lock = owner, money, Lock()


def transfer(source, target, amount):
    with source.lock:
        with target.lock:
            source.money -= amount
            target.money += amount


ann, bob = Account("ann", 100), Account("bob", 100)
with ThreadPoolExecutor() as pool:
    pool.submit(transfer, ann, bob, 10)
    pool.submit(transfer, bob, ann, 20)
print(ann.money, bob.money)
