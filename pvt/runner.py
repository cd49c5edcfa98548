"""Starts an experiment in a child interpreter, streams its rows, and leaves no process of it
behind."""

import json
import os
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from pvt import course, host, processes, refusal
from pvt.claims import Rows
from pvt.problem import Problem
from pvt.result import Run, spoken, tail
from pvt.vitals import Vitals

ROOT = str(Path(__file__).resolve().parent.parent)
TICK = 0.03  # seconds between looks at the limits while no row comes
PATIENCE = 5.0  # seconds that a guardian may take to end its tree
TURN = threading.Lock()  # held by the one experiment that is running
# The limits of a run
SECONDS = 30.0
MEMORY = 2 << 30  # resident bytes
OUTPUT = 16 << 20  # bytes of text
ROWS = 100_000


def run(name, *, python=None, seconds=SECONDS, **params):
    """Run an experiment to its end and return the `Run`.

    `python`: path or version of another interpreter; `seconds`: the time limit. Raises ValueError
    for an unknown experiment, parameter, value or interpreter. A crash of the experiment raises
    nothing: it is the result.
    """
    running = Running(name, params, python=python, seconds=seconds)
    list(running)
    return running.result()


class Running:
    """A run on its way: iterate over it for its rows (None while there is none); `stop()` it
    from any thread. It is started once: who iterates again gets no more rows."""

    def __init__(
        self, name, params, *, python=None, seconds=SECONDS, module=None, memory=MEMORY, rows=ROWS
    ):
        """`module`, if not the experiment's own, is any with a `run`; its params are not
        checked. `rows`: at most so many."""
        self.params = params if module else course.checked(name, params)
        self.name, self.module = name, module or course.homes()[name]
        if not isinstance(seconds, int | float) or not seconds > 0:
            raise Problem(f"seconds={seconds!r} is not a time limit; allowed: a number above 0.")
        self.limit, self.memory, self.python = seconds, memory, interpreter(python)
        self.most_rows = rows
        self.rows, self.host, self.ending, self.noise = Rows(), {}, None, ""
        self.begin = self.seconds = None
        self.lock = threading.Lock()
        self.process = None
        self.cause = None
        self.late = None
        self.vitals = None

    def __iter__(self):
        if self.begin is not None:
            return
        while not TURN.acquire(
            timeout=TICK
        ):  # one experiment at a time: two would measure each other
            if self.cause:
                self.ending, self.seconds = self.cause, 0.0
                return
            yield None
        try:
            yield from self.live()
        except (OSError, RuntimeError, MemoryError) as problem:  # a limit is reached on this side
            self.ending, self.seconds = refusal.ending(problem), self.seconds or 0.0
        finally:
            TURN.release()

    def live(self):
        """From start to end. The thread that starts the child must read it too: on Linux it dies
        with that thread."""
        folder = os.path.join(
            tempfile.gettempdir(), f"pvt-{secrets.token_hex(8)}"
        )  # the child makes it: see there
        with tempfile.TemporaryFile() as noise:
            self.begin = time.perf_counter()
            self.start(folder, noise)
            try:
                yield from self.watch(noise)
            finally:
                self.end(noise)
                shutil.rmtree(folder, ignore_errors=True)

    def start(self, folder, noise):
        """Start the interpreter, in a session and a folder of its own."""
        command = [self.python, "-P", "-m", "pvt.child", self.module, json.dumps(self.params)]
        with self.lock:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": noise}
            self.process = subprocess.Popen(
                command, **pipes, env=environment(folder), start_new_session=True
            )
            self.vitals = Vitals(self.process.pid)
            if self.cause:
                self.process.stdin.close()

    def watch(self, noise):
        """Yield rows as they come until the child is gone; keep the limits."""
        lines = queue.SimpleQueue()
        try:
            threading.Thread(target=forward, args=(self.process.stdout, lines), daemon=True).start()
        except RuntimeError:
            self.end(noise)
            self.process.stdout.close()  # nobody else will, and not before the child has ended
            raise
        closed = False
        while not closed or self.process.poll() is None:
            gone, line = self.process.poll() is not None, b""
            try:
                line = lines.get(timeout=TICK) if not closed else self.pause()
            except queue.Empty:
                if gone:  # an orphan may hold the pipe open: do not wait for its end
                    return
            closed = closed or line is None
            self.enforce(noise)
            yield self.take(line or b"")

    def pause(self):
        """The pipe is closed: wait for the end of the process, a little."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(TICK)
        return b""

    def take(self, line):
        """The row in a line, or None; the other kinds of line are noted."""
        try:
            (kind, value), *_ = json.loads(line).items()
        except ValueError:  # nothing, or the torn last line of a crash
            return None
        if kind == "row":
            self.rows.append(value)
            return value
        if kind == "facts":
            self.host = value
        elif kind == "others":
            self.rows.others = value
        else:
            self.ending = refusal.numbered(value) if kind == "refused" else f"{kind} {value}"
        return None

    def enforce(self, noise):
        """End the run that is over one of its limits."""
        if self.cause or time.perf_counter() - self.begin > self.limit:
            self.stop("time limit")
        elif os.fstat(noise.fileno()).st_size > OUTPUT or len(self.rows) > self.most_rows:
            self.stop("too much output")
        elif self.vitals.sample() and self.vitals.exceeds(self.memory):
            self.stop("too much memory")

    def stop(self, cause="stopped"):
        """End the run now, and everything it has started. Can be called twice, early and late."""
        if self.process and self.process.poll() is not None:
            return
        with self.lock:
            self.cause = self.cause or cause
            self.late = self.late or time.perf_counter() + PATIENCE
            if self.process and not self.process.stdin.closed:
                self.process.stdin.close()
        if self.process and (
            os.name == "nt" or time.perf_counter() > self.late
        ):  # no guardian, or it is stuck
            processes.kill(processes.tree(self.process.pid))

    def end(self, noise):
        """Make sure that nothing is left, also where nobody wants further rows, and note how it
        ended."""
        if self.process.poll() is None:
            self.stop()
        while self.process.poll() is None:
            self.pause()
            self.stop()
        with self.lock:
            self.process.stdin.close()
        self.seconds = time.perf_counter() - self.begin
        self.noise = tail(noise)
        self.ending = self.cause or self.ending or spoken(self.process.returncode)
        if not self.host and self.ending.startswith(
            ("exit", "killed")
        ):  # it did not come to say who it is
            last = self.noise.strip().rpartition("\n")[2]
            self.ending = f"{refusal.BEGIN}: {self.ending}{f' ({last})' if last else ''}"

    def result(self):
        """The finished run."""
        peak = self.vitals.peak if self.vitals else {}
        return Run(
            self.name,
            self.params,
            self.host,
            self.rows,
            self.ending,
            self.seconds,
            self.noise,
            peak,
        )


def interpreter(python):
    """The path of the interpreter to use: this one for None, else a path, or a version found
    here such as "3.13"."""
    if python is None:
        return sys.executable
    found = {version: path for path, version in host.pythons().items()}
    for version, path in {host.version(): sys.executable, **found}.items():
        if version == python or version.rpartition(".")[0] + "t" * version.endswith("t") == python:
            return path
    if host.asked(python) is None:
        known = ", ".join(found) or "none"
        raise Problem(
            f"python={python!r} is not a Python 3.11 or newer that starts; others found here:"
            f" {known}."
        )
    return python


def environment(folder):
    """The environment of the child: finds pvt under any Python, and keeps temporary files in the
    run's folder."""
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME")
    }
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "PVT_FOLDER"), folder)
    same = {
        "PYTHONHASHSEED": "0"
    }  # the order of a set of strings is the same in every run: a schedule can be replayed
    own = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    theirs = os.pathsep.join(map(os.path.abspath, own))  # for what a learner's program imports
    paths = {"PYTHONPATH": ROOT, "PVT_PYTHONPATH": theirs}
    return env | temporary | same | paths | {"PYTHONUTF8": "1"}


def forward(pipe, lines):
    """Hand on the lines of a pipe, then None. A thread of its own, because Windows cannot poll a
    pipe."""
    with pipe:
        for line in pipe:
            lines.put(line)
    lines.put(None)
