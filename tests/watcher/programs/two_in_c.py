"""Two threads derive keys: C code that gives the GIL back."""

import hashlib
import threading


def work():
    for _ in range(16):
        hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 300_000)


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
