"""One line at the end of a file that others may be writing to at the same moment.

A line is one write to a file opened for appending, under a lock. The single write would do on a
local disk; the lock is for what it cannot: to see whether the last line is torn, and to take back
half a line where the disk is full.
"""

import contextlib
import errno
import os
import time

PATIENCE = 2.0  # seconds to wait for a lock that another holds; then the single write must do
LAST_BYTE = 0x7FFF0000  # Windows locks a region: one far behind the end is in nobody's way


def append(file, line):
    """One line at the end of the file, whole or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_fifo():  # opening it would wait for a reader
        raise OSError(errno.EINVAL, "it is a pipe and no file: let PVT_RECORD name another")
    number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with locked(number):
            size = os.fstat(number).st_size
            torn = size and last_byte(number, size) != b"\n"
            line = b"\n" * bool(torn) + line
            if os.write(number, line) < len(line):
                os.ftruncate(number, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(number)


def last_byte(number, size):
    """The last byte of an open file that is not empty."""
    os.lseek(number, size - 1, os.SEEK_SET)
    return os.read(number, 1)


@contextlib.contextmanager
def locked(number):
    """Hold the file's lock. Where there is none to be had (some network folders, one who hangs),
    go on without."""
    until = time.monotonic() + PATIENCE
    held = False
    while not held and time.monotonic() < until:
        try:
            take(number)
            held = True
        except BlockingIOError:
            time.sleep(0.005)
        except OSError as problem:
            if problem.errno not in (errno.EACCES, errno.EDEADLK):
                break
            time.sleep(0.005)
    try:
        yield
    finally:
        if held:
            give_back(number)


def take(number):
    """Take the lock, or raise OSError at once."""
    if os.name == "nt":
        import msvcrt

        os.lseek(number, LAST_BYTE, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def give_back(number):
    if os.name == "nt":
        import msvcrt

        os.lseek(number, LAST_BYTE, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_UN)
