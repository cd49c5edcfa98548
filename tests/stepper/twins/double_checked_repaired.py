"""Double-checked creation that publishes an object before it is ready. Repaired."""

import threading


class Config:
    _it = None
    _lock = threading.Lock()

    def __init__(self):
        self.name = "ready"

    @classmethod
    def get(cls):
        if cls._it is None:
            with cls._lock:
                if cls._it is None:
                    cls._it = cls()
        return cls._it


def work():
    assert Config.get().name.upper()


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
