"""Notes what a Python process opens for writing and whom it connects to; found by every process on
PYTHONPATH.

Each event is a line in the file that PVT_AUDIT names: `wrote` and a path, or `met` and an address.
"""

import os
import sys

LOG = os.open(os.environ["PVT_AUDIT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
WRITING = os.O_WRONLY | os.O_RDWR
FILES = {
    "os.mkdir": 0,
    "os.rename": 1,
    "os.link": 1,
    "os.symlink": 1,
    "sqlite3.connect": 0,
    "shutil.copyfile": 1,
}


def note(word, what):
    os.write(LOG, f"{word} {what!r}\n".encode("utf-8", "replace"))


def hook(event, args):
    if event == "open" and isinstance(args[0], str | bytes | os.PathLike):
        path, mode, flags = args
        if (flags or 0) & WRITING or (mode and set(mode) & set("wax+")):
            note("wrote", os.path.abspath(os.fsdecode(path)))
    elif event in FILES:
        note("wrote", os.path.abspath(os.fsdecode(args[FILES[event]])))
    elif event in ("socket.connect", "socket.bind", "socket.sendto"):
        note("met", args[1])
    elif event == "socket.getaddrinfo":
        note("met", args[:2])


sys.addaudithook(hook)
