"""cached_property computes twice."""

import threading
from functools import cached_property

made = []


class Page:
    @cached_property
    def body(self):
        made.append(1)
        return "text"


page = Page()


def work():
    page.body


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert len(made) == 1
