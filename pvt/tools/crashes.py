"""The ways in which a worker can end badly. All of them are real, and none returns:
`WAYS["segfault"]()`.

Call `quiet()` first, in a process that has nothing else to do than to crash.
"""

import os
import signal
import sys

from pvt import procfs
from pvt.tools import box

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
ASKED = 1 << 30  # bytes that are asked for where there are fewer


def exception():
    raise RuntimeError("a bug")


def sys_exit():
    sys.exit(3)


def memory_error():
    limit_memory()
    bytearray(ASKED)


def os_exit():
    os._exit(3)


def abort():
    os.abort()


def segfault():
    import ctypes

    ctypes.string_at(0)


def unchecked_malloc():
    """What careless C does when there is no memory left: it uses the pointer that it did not
    get."""
    import ctypes

    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    limit_memory()
    library.memset(library.malloc(ASKED), 0, 1)


def kill():
    """What Linux does to a process when the whole machine is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


WAYS = {
    "exception": exception,
    "sys.exit": sys_exit,
    "MemoryError": memory_error,
    "os._exit": os_exit,
    "abort": abort,
    "segfault": segfault,
    "malloc fails in C": unchecked_malloc,
    "SIGKILL": kill,
}
RAISED = (
    "exception",
    "sys.exit",
    "MemoryError",
)  # these go through Python; of the others it hears nothing
ONLY_POSIX = (
    "segfault",
    "SIGKILL",
)  # on Windows ctypes makes an exception of the first, and the second is unknown
ONLY_LINUX = ("MemoryError", "malloc fails in C")  # elsewhere the limit does not bind


def possible():
    """The names of the ways that are there on this system."""
    left_out = (
        ()
        if sys.platform == "linux"
        else ONLY_LINUX
        if hasattr(os, "fork")
        else ONLY_LINUX + ONLY_POSIX
    )
    return [name for name in WAYS if name not in left_out]


def quiet():
    """From now on this process may crash without a traceback, a report or a file of its memory.

    RLIMIT_CORE = 0 is not enough where the system hands memory dumps to a program (see man 5 core).
    And who is about to be orphaned ends as well: the guardian's help comes too late if somebody
    kills the guardian (Linux only).
    """
    import faulthandler

    faulthandler.disable()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    procfs.prctl(procfs.PR_SET_DUMPABLE, 0)
    procfs.prctl(procfs.PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_memory():
    """Linux: let this process have little more memory than it has now."""
    box.limit_addresses(ASKED // 8)


def ending(code):
    """An exit code in words: SIGSEGV, exit 3."""
    if code >= 0:
        return f"exit {code}"
    known = -code in signal.valid_signals()
    return signal.Signals(-code).name if known else f"signal {-code}"


def refusal(problem):
    """Why workers did not come to work, for the verdict that nothing is decided."""
    while isinstance(
        problem.__context__, OSError | RuntimeError | MemoryError
    ):  # the first one, not what came of it
        problem = problem.__context__
    detail = f"{type(problem).__name__}: {getattr(problem, 'strerror', None) or problem}".rstrip(
        ": "
    )
    return (
        f"the workers could not be started, or did not answer; is a limit too low here? ({detail})"
    )
