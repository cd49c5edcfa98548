"""A timer goes off while it is being cancelled. Repaired."""

import threading

state = {"done": False}
lock = threading.Lock()


def expire():
    with lock:
        if not state["done"]:
            state["expired"] = True


timer = threading.Timer(1, expire)
timer.start()


def work():
    timer.cancel()
    timer.join()
    with lock:
        state["done"] = not state.get("expired")


worker = threading.Thread(target=work)
worker.start()
worker.join()
timer.join()
assert not (state["done"] and state.get("expired"))
