"""An object is published before it has been filled.

Ends: broken.
"""

import threading


class Settings:
    instance = None
    lock = threading.Lock()

    @classmethod
    def get(cls):
        if cls.instance is None:
            with cls.lock:
                if cls.instance is None:
                    cls.instance = cls()
                    cls.instance.values = {"colour": "red"}
        return cls.instance


def read():
    print(Settings.get().values["colour"])


threads = [threading.Thread(target=read) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
