"""64 threads derive keys, in C, on a few cores."""

import hashlib
import threading


def work():
    for _ in range(2):
        hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 150_000)


threads = [threading.Thread(target=work) for _ in range(64)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
