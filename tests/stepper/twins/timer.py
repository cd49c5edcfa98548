"""A timer goes off while it is being cancelled."""

import threading

state = {"done": False}


def expire():
    if not state["done"]:
        state["expired"] = True


timer = threading.Timer(1, expire)
timer.start()


def work():
    timer.cancel()
    state["done"] = True


worker = threading.Thread(target=work)
worker.start()
worker.join()
timer.join()
assert not (state["done"] and state.get("expired"))
