"""Work that computes, in Python and in C: one keeps the GIL, the other gives it back."""

import hashlib

BUFFER = bytes(1 << 18)  # hashlib gives the GIL back for anything longer than 2 KiB


def python_code(count):
    while count:
        count -= 1


def c_code(count):
    for _ in range(count):
        hashlib.sha256(BUFFER)
