"""Two fields of a dataclass that belong together."""

import threading
from dataclasses import dataclass, field


@dataclass
class Cart:
    items: list = field(default_factory=list)
    total: int = 0

    def add(self, p):
        self.items.append(p)
        self.total = sum(self.items)


cart = Cart()


def work():
    cart.add(5)


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert cart.total == 10
