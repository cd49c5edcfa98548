"""A lazy property makes its value twice. Repaired."""

import threading


class Page:
    made = 0
    _body = None
    lock = threading.RLock()

    @property
    def body(self):
        with self.lock:
            if self._body is None:
                Page.made += 1
                self._body = "text"
            return self._body


page = Page()


def work():
    page.body


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert Page.made == 1
