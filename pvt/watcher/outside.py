"""What Linux says of threads from outside: time on a core, time ready without one, and the call
that they wait in.

Tried for this, on one program: two threads call a small function two million times each. Bare, it
takes 0.23 s of a core under 3.11 and 0.19 s under 3.14 (Linux, two cores that others used too, so
seconds of a core are given; the better of two runs, to be taken as magnitudes).

- py-spy 0.4.3 knows lines and the GIL of any CPython without its help, and 100 looks a second take
  2.5 % of a core. It stops the program at each look (--nonblocking does not, and misreads), needs
  the right to trace, sums up instead of giving a course in time, and cannot say who holds a lock.
  Of two threads that share the GIL it counts 1.3 as active, with --gil 1.0; one that has no core
  counts as one that runs.
- VizTracer 1.1.1 notes every call: exact in time, and the program takes 5.1 s, 22 times as long,
  and leaves 134 MB.
- `sys.monitoring` tells of calls, not of waits inside C, and nothing of the GIL. With a callback in
  Python for begin and end of each function it takes 2.2 s under 3.12 (0.24 s bare), 1.4 s under
  3.14.
- `_remote_debugging` reads three stacks in 11 µs from outside under 3.14 (median of 600, at most
  4 ms), now and then a thread without frames. It knows no states yet, and only its own version: a
  3.11 is refused.
- `/proc/PID/task/*/schedstat` gives time on a core and time ready to the nanosecond, at about 3 µs
  a thread and look, for every program. It knows nothing of Python. `stat` counts in ticks of 10 ms.
  `wchan` says futex for the GIL and for each lock. `syscall` gives the arguments too: who waits for
  the GIL waits in a futex with a time limit (the switch interval), who waits for a lock without; it
  needs the right to trace, which a parent has in most containers.

The notes from inside take 0.02 s of this program. Taking a free lock costs some 0.16 µs more in a
`with` (0.26 µs instead of 0.09 under 3.14) and 0.14 µs in `acquire`, making one 2 µs. Four threads
that do nothing else, six million times, took 5.1 s instead of 4.2 under 3.11.

So the parts are put together: the kernel's counts from outside (what is written here) decide
between running, ready and blocked, notes from inside (`inside/`) say what a blocked thread waits
for, and the rest with a futex with a time limit is the GIL's. Whether a running thread held the GIL
is a sample: 60 times a second a thread inside asks for it. What none of them knows is "unknown".
Said wrongly: the last few hundredths of a second of a killed process, a C library of one's own that
waits in a futex with a time limit (counted as the GIL), and code that gives the GIL back every few
microseconds (counted as C).
"""

import os
import platform

from pvt import host, procfs

RUNS, GIL, FUTEX, IO, SLEEP, CHILD, UNKNOWN = "r", "g", "f", "i", "s", "w", "?"
SERVANTS = ("resource_tracker", "multiprocessing.forkserver")
FUTEX_WAITS = {0, 9, 11}  # FUTEX_WAIT, _WAIT_BITSET, _WAIT_REQUEUE_PI
CALLS = {
    "x86_64": {
        IO: {
            0,
            1,
            2,
            7,
            17,
            18,
            19,
            20,
            23,
            42,
            43,
            44,
            45,
            46,
            47,
            74,
            75,
            232,
            257,
            270,
            271,
            281,
            288,
            299,
            307,
            441,
        },
        SLEEP: {35, 230},
        CHILD: {61, 247},
        FUTEX: {202},
    },
    "aarch64": {
        IO: {
            56,
            63,
            64,
            65,
            66,
            67,
            68,
            72,
            73,
            22,
            82,
            83,
            202,
            203,
            206,
            207,
            211,
            212,
            242,
            243,
            269,
            441,
        },
        SLEEP: {101, 115},
        CHILD: {95, 260},
        FUTEX: {98},
    },
}
KINDS = {
    number: kind
    for kind, numbers in CALLS.get(platform.machine(), {}).items()
    for number in numbers
}


class Threads:
    """Reads the same files again and again; `look(pid)` gives [(thread, seconds on a core, ready,
    call), …].
    """

    def __init__(self):
        self.files, self.forbidden = {}, False
        self.blind = bool(host.lacking(["/proc"]))
        self.trace = not host.lacking(["trace"])

    def look(self, pid):
        if self.blind:
            return []
        try:
            tasks = os.listdir(f"/proc/{pid}/task")
        except OSError:
            return []
        found = [self.one(pid, task) for task in tasks]
        return [one for one in found if one]

    def one(self, pid, task):
        if (pid, task) not in self.files:
            self.files[pid, task] = [
                self.opened(f"/proc/{pid}/task/{task}/{name}") for name in ("schedstat", "syscall")
            ]
        counts, call = self.files[pid, task]
        try:
            ran, ready, _ = os.pread(counts, 100, 0).split()
        except (OSError, TypeError, ValueError):  # it has ended, or the system does not count
            self.forget(pid, task)
            return None
        return int(task), int(ran) * 1e-9, int(ready) * 1e-9, self.call(call)

    def call(self, file):
        """The kind of call that a thread is in."""
        if not self.trace:
            self.forbidden = True
            return UNKNOWN
        try:
            words = os.pread(file, 200, 0).split()
        except PermissionError:
            self.forbidden = True
            return UNKNOWN
        except (OSError, TypeError):  # it has ended meanwhile
            return UNKNOWN
        if not words or words[0] == b"running" or len(words) < 6:
            return RUNS
        kind = KINDS.get(int(words[0]), UNKNOWN)
        if kind == FUTEX:
            waits = int(words[2], 16) & 127 in FUTEX_WAITS
            return GIL if waits and int(words[4], 16) else FUTEX
        return kind

    def opened(self, path):
        """A file to read, or None."""
        try:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except PermissionError:
            self.forbidden = True
        except OSError:
            pass
        return None

    def forget(self, pid, task):
        for file in filter(None, self.files.pop((pid, task), ())):
            os.close(file)

    def close(self):
        for pid, task in list(self.files):
            self.forget(pid, task)


def below(pid):
    """The processes below one, each with its parent: {process: parent}."""
    found, waiting = {}, [pid]
    while waiting:
        parent = waiting.pop()
        for child in procfs.children(parent):
            found[child] = parent
            waiting.append(child)
    return found


def servant(command):
    """Whether a command is one of Python's own servants, which end by themselves."""
    return any(word in command for word in SERVANTS)


def command(pid):
    """The command line of a process, a little of it."""
    return (procfs.text(f"/proc/{pid}/cmdline") or "")[:2000].replace("\0", " ").strip()
