"""In the child: runs the program as it is, looks at it from outside, and yields what it sees as
rows.

The program is started as `python FILE ARGS` with its own folder and environment; only PYTHONPATH
begins with `inside/`, through which each of its Pythons takes notes. Its output is yielded as it
comes.
"""

import codecs
import compileall
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, Queue

from pvt import host, procfs
from pvt.watcher import outside

INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside")
PAUSE = 0.01  # seconds between looks at least
SHARE = 0.02  # of one core, for looking
TREE, SIZES = 0.06, 0.5  # seconds between looks for new processes, and for their memory
GROWTH, GROWN = 0.04, 4 << 20  # seconds between looks whether memory grows; bytes worth a word
OUTPUT = 16 << 20  # bytes that a program may print
PIECES = 64  # of output that may wait here: then the program waits, as with any slow reader
LAST_WORDS = 0.05  # seconds in which what is still in a pipe comes
clock = time.monotonic


def run(
    *,
    file,
    text=None,
    args=(),
    folder,
    seconds,
    given=None,
    pythonpath=None,
    env=None,
    executor=None,
):
    """Yield {"pid": …}, then {"looks": …}, {"notes": …}, {"out": …} or {"err": …}, and last
    {"ending": …}.

    `given` is its standard input, `text` a program that is no file; the ending is None if it ended
    by itself.
    """
    if text is not None:
        file = os.path.join(os.getcwd(), file)
        with open(file, "w", encoding="utf-8") as cell:
            cell.write(text)
    notes = os.path.join(os.getcwd(), "notes")
    os.mkdir(notes)
    with suppress(OSError):  # once: else each Python of the program would compile it anew
        compileall.compile_dir(INSIDE, quiet=2)
    adopt_orphans()
    begin, busy = clock(), machine_busy()
    process, output = start(
        file, args, folder, given, environment(notes, pythonpath, env or {}, executor)
    )
    yield {"pid": process.pid, "begin": begin, "cores": host.cores(), "system": sys.platform}
    looking = Looking(process.pid, notes)
    printed, ending = 0, None
    while process.poll() is None:
        if clock() - begin > seconds:
            ending = "time limit"
        elif printed > OUTPUT:
            ending = "too much output"
        if ending:
            break
        yield from looking.rows()
        for kind, piece in drained(output):
            printed += len(piece)
            yield {kind: piece}
        time.sleep(looking.pause)
    end = clock()
    commands = [outside.command(pid) for pid in outside.below(os.getpid())]
    left = sum(bool(one) and not outside.servant(one) for one in commands)  # none: it has ended
    yield from looking.rows(last=True)
    stop_all(process)
    for kind, piece in rest(output):
        if printed < OUTPUT:
            yield {kind: piece}
        printed += len(piece)
    looking.threads.close()
    yield {
        "ending": ending,
        "code": process.returncode,
        "end": end,
        "left": 0 if ending else left,
        "processor": max(looking.processor(), waited_for()),
        "others": others(begin, busy, looking.processor(), end),
        "traced": not looking.threads.forbidden and not looking.threads.blind,
        "blind": looking.threads.blind,
    }


def start(file, args, folder, given, env):
    """Start the program; (its process, a queue of what it prints)."""
    pipes = {"stdin": subprocess.DEVNULL if given is None else subprocess.PIPE}
    pipes |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, file, *args], cwd=folder, env=env, **pipes)
    output = Queue(PIECES)
    for name, pipe in (("out", process.stdout), ("err", process.stderr)):
        threading.Thread(target=forward, args=(name, pipe, output), daemon=True).start()
    if given is not None:
        threading.Thread(
            target=hand_over,
            args=(process.stdin, given.encode("utf-8", "surrogateescape")),
            daemon=True,
        ).start()
    return process, output


def forward(name, pipe, output):
    """Put what comes from a pipe into the queue, as text that keeps every byte."""
    # incremental: a piece may end inside a letter
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with suppress(OSError, ValueError):
        while piece := os.read(pipe.fileno(), 1 << 16):
            output.put((name, decoder.decode(piece)))
        if piece := decoder.decode(b"", final=True):
            output.put((name, piece))


def hand_over(pipe, given):
    """Write a program's input, then close it."""
    with suppress(OSError), pipe:
        pipe.write(given)


def drained(output):
    """What the queue holds at the moment, and not what comes meanwhile."""
    with suppress(Empty):
        for _ in range(output.qsize()):
            yield output.get_nowait()


def rest(output):
    """What is still in the pipes of a program that has ended."""
    with suppress(Empty):
        while piece := output.get(timeout=LAST_WORDS):
            yield piece


def environment(notes, pythonpath, own, executor):
    """The program's environment: its caller's own, as `own` says, and the way for the notes."""
    env = {key: value for key, value in os.environ.items() if key not in ("PVT_FOLDER", *own)}
    env |= {key: value for key, value in own.items() if value is not None}
    if executor:
        env["PVT_WATCH_EXECUTOR"] = executor
    paths = [INSIDE, pythonpath] if pythonpath else [INSIDE]
    return env | {"PVT_WATCH": notes, "PYTHONPATH": os.pathsep.join(paths)}


def adopt_orphans():
    """Processes whose parent ends come to us, so that they are still seen."""
    procfs.prctl(procfs.PR_SET_CHILD_SUBREAPER, 1)


def stop_all(process):
    """End the program and all that it has left."""
    for pid in [*outside.below(os.getpid())]:
        if "resource_tracker" not in outside.command(pid):
            with suppress(OSError):
                os.kill(pid, 9)
    process.wait()


def waited_for():
    """Processor seconds of all that was waited for, as the system adds them up."""
    times = os.times()
    return times.children_user + times.children_system


def machine_busy():
    """Processor seconds that the whole machine has spent, or None."""
    try:
        with open("/proc/stat") as file:
            words = [int(word) for word in file.readline().split()[1:9]]
    except (OSError, ValueError):
        return None
    return (sum(words) - words[3] - words[4]) / os.sysconf("SC_CLK_TCK")


def others(begin, busy, mine, end):
    """Cores that other programs took meanwhile, or None."""
    now = machine_busy()
    if busy is None or now is None or end - begin < 0.1:
        return None
    return max(0.0, (now - busy - mine) / (end - begin))


class Looking:
    """Looks at all processes of the program; `rows()` gives what is new."""

    def __init__(self, pid, notes):
        self.pid, self.notes, self.threads = pid, notes, outside.Threads()
        self.known, self.before, self.read, self.used = {}, {}, {}, {}
        self.tree_due = self.sizes_due = self.growth_due = 0.0
        self.counted = {}  # process -> (its private bytes, those of files left out) at one time
        self.pause = PAUSE

    def rows(self, last=False):
        begin, cost = clock(), time.thread_time()
        yield from self.new_processes(begin)
        looks = [self.changed(pid) for pid in self.known]
        yield {"at": begin, "looks": [look for look in looks if look]}
        yield from self.new_notes(last)
        if sizes := self.sizes(begin):
            yield {"sizes": sizes}
        self.pause = max(PAUSE, (time.thread_time() - cost) / SHARE)

    def new_processes(self, now):
        """Look for processes, not at each look: it is the most expensive."""
        if now < self.tree_due:
            return
        cost = time.thread_time()
        found = outside.below(os.getpid())
        for pid in found:
            command = outside.command(pid)
            if command and command != self.known.get(pid):  # new, or another since its exec
                yield {"process": pid, "parent": found[pid], "command": command, "at": now}
                self.known[pid] = command
            self.known.setdefault(pid, None)
        self.known = {pid: self.known.get(pid) for pid in found}
        self.tree_due = now + max(TREE, 30 * (time.thread_time() - cost))

    def changed(self, pid):
        """[process, [thread, seconds on a core, ready, call], …]; a thread that is as it was is
        left out.
        """
        threads = self.threads.look(pid)
        for number, ran, _, _ in threads:
            self.used[pid, number] = ran
        fresh = [list(one) for one in threads if self.before.get(one[0]) != one]
        self.before.update((one[0], one) for one in threads)
        return [pid, [number for number, *_ in threads], *fresh] if threads else None

    def new_notes(self, last):
        """Whole lines that the Pythons inside have written."""
        with suppress(OSError):
            for name in os.listdir(self.notes):
                with open(os.path.join(self.notes, name), "rb") as file:
                    file.seek(self.read.get(name, 0))
                    piece = file.read()
                piece = piece[: piece.rfind(b"\n") + 1]
                self.read[name] = self.read.get(name, 0) + len(piece)
                if piece:
                    yield {
                        "notes": piece.decode(errors="replace"),
                        "process": int(name.removeprefix("notes-")),
                    }

    def sizes(self, now):
        """Private bytes of the processes. They cost much to count, so that between two counts what
        a process has got since then is added: {process: bytes}.
        """
        if now > self.sizes_due:
            counted = {pid: (procfs.private(pid), procfs.anonymous(pid)) for pid in self.known}
            self.sizes_due = now + max(SIZES, 100 * (clock() - now))
            self.counted = {pid: sizes for pid, sizes in counted.items() if all(sizes)}
            return {pid: private for pid, (private, _) in self.counted.items()}
        if now < self.growth_due:
            return {}
        self.growth_due, grown = now + GROWTH, {}
        for pid in self.known:
            size = procfs.anonymous(pid)
            if not size:
                continue
            private, before = self.counted.setdefault(pid, (0, size))
            if abs(size - before) > GROWN:
                self.counted[pid] = max(0, private + size - before), size
                grown[pid] = self.counted[pid][0]
        return grown

    def processor(self):
        """Processor seconds of all threads that were seen."""
        return sum(self.used.values())
