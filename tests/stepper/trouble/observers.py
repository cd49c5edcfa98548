"""Observers sign off while they are being told.

Ends: broken.
"""

import threading

observers = {"a", "b"}


def tell_all():
    for name in observers:
        print(len(name))


def sign_off():
    observers.discard("a")


t = threading.Thread(target=sign_off)
t.start()
tell_all()
t.join()
