"""Two threads write a line each, in two calls.

Ends: outputs.
"""

import threading


def log(text):
    print("[info]", end=" ")
    print(text)


for text in ("begin", "end"):
    threading.Thread(target=log, args=(text,)).start()
