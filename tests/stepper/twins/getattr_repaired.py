"""__getattr__ makes an attribute twice. Repaired."""

import threading


class Lazy:
    def __init__(self):
        self.made = []
        self.lock = threading.Lock()

    def __getattr__(self, name):
        with self.lock:
            if name not in self.__dict__:
                self.made.append(name)
                self.__dict__[name] = 1
        return 1


it = Lazy()


def work():
    it.x


ts = [threading.Thread(target=f) for f in (work, work)]
for t in ts:
    t.start()
for t in ts:
    t.join()
assert it.made == ["x"]
