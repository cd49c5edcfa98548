"""What runs have left behind: for the benches that end them in every way."""

import os
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def folder_of_our_own():
    """All temporary files, of this process and of those that it starts, go to a folder that only
    we look into."""
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        try:
            yield
        finally:
            tempfile.tempdir = None
            os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)


def belongings():
    """All that this kernel, or a run from this folder, may hold: processes, threads, files,
    sockets, shared memory."""
    me = psutil.Process()
    held = {
        f"process {one.pid}"
        for one in me.children(recursive=True)
        if one.status() != psutil.STATUS_ZOMBIE
    }
    held |= {f"process {one.pid}" for one in psutil.process_iter() if is_ours(one)}
    held |= {f"thread {thread.name}" for thread in threading.enumerate()}
    held |= {f"file {number}" for number in range(me.num_fds() if hasattr(me, "num_fds") else 0)}
    held |= {f"socket {line.laddr}" for line in me.net_connections("inet")}
    for folder, patterns in (
        (tempfile.gettempdir(), ("*",)),
        ("/dev/shm", ("psm_*", "sem.mp*", "pym-*")),
    ):
        held |= {str(path) for pattern in patterns for path in Path(folder).glob(pattern)}
    return held


def is_ours(process):
    """Whether it runs pvt's far side from this folder, perhaps for a kernel that is dead."""
    try:
        return "pvt.child" in process.cmdline() and process.environ().get("PYTHONPATH") == str(ROOT)
    except psutil.Error:
        return False


def left(before):
    """What is there now and was not before, in words; it has two seconds to go."""
    until = time.perf_counter() + 2
    while (more := belongings() - before) and time.perf_counter() < until:
        time.sleep(0.05)
    return ", ".join(sorted(more)) or "nothing"
