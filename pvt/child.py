"""The far side: runs one experiment in a fresh interpreter and writes one JSON line per row.

`python -m pvt.child MODULE PARAMS`: imports MODULE, writes {"facts": …}, then {"row": …} for each
row that MODULE.run(**PARAMS) yields, {"others": …} if it returns how many cores others took, and
{"raised": …} if it raises. Where there is fork, the process that was started becomes a guardian
first, and the experiment runs in a child of it. The guardian has no threads, so no experiment can
block it. It waits for the experiment's end or for the end of its own standard input (the kernel
stopped the run, or is dead); then it ends every process below it and removes the run's folder. It
leaves as the experiment left: same exit code, same signal.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress

from pvt.problem import Missing
from pvt.procfs import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    children,
    prctl,
    text,
)

GRACE = 0.08  # seconds between SIGTERM and SIGKILL


def main():
    if folder := os.environ.get(
        "PVT_FOLDER"
    ):  # made here: were the kernel to make it and die, nobody would remove it
        os.mkdir(folder, 0o700), os.chdir(folder)
    if not hasattr(os, "fork"):
        watch_without_fork()
        return experiment(*sys.argv[1:])
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    bell, ring = os.pipe()
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    prctl(
        PR_SET_PDEATHSIG, signal.SIGTERM
    )  # not before it is heard: it would end us, and leave the folder
    guardian = os.getpid()
    try:
        child = os.fork()
    except OSError as problem:  # a limit is reached: the kernel's side says which
        return os.write(1, b'{"refused": %d}\n' % problem.errno)
    if child == 0:
        signal.set_wakeup_fd(-1), os.close(bell), os.close(ring)
        return experiment_below(guardian)
    leave_as(guard(child, bell))


def guard(child, bell):
    """Wait for the child or for the end of input, then end all that is below; the child's wait
    status, or SIGKILL's."""
    ended = {}
    while child not in ended:
        ready, _, _ = select.select([0, bell], [], [])
        if 0 in ready or signal.SIGTERM in os.read(bell, 64):
            break
        reap(ended)
    end_all(child)
    remove_folder()
    return ended.get(child, signal.SIGKILL)


def reap(ended):
    """Collect the children that have ended, adopted orphans too, as process id -> wait status;
    True if some live on."""
    try:
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return True
            ended[process] = status
    except ChildProcessError:
        return False


def end_all(child):
    """End the experiment's group and everything that is or becomes our child.

    SIGTERM goes first: it ends all but multiprocessing's resource tracker, which then removes the
    semaphores and shared memory that the others have left. What else is there after GRACE is
    killed.
    """
    begin = time.monotonic()
    send(signal.SIGTERM, child)
    while reap({}) and (waited := time.monotonic() - begin) < 3:
        if waited > 1 or (waited > GRACE and not only_trackers()):
            send(signal.SIGKILL, child)
        time.sleep(0.001)


def only_trackers():
    """Whether the resource tracker is all that is left (on Linux; elsewhere it is unknown)."""
    commands = [text(f"/proc/{process}/cmdline") for process in children()]
    return bool(commands) and all("resource_tracker" in (command or "") for command in commands)


def send(number, child):
    """Send a signal to the experiment's group and to every orphan that has left it."""
    for kill, target in [(os.killpg, child), *((os.kill, orphan) for orphan in children())]:
        with suppress(ProcessLookupError, PermissionError):
            kill(target, number)


def remove_folder():
    """Remove the run's own folder for temporary files."""
    if folder := os.environ.get("PVT_FOLDER"):
        import shutil

        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


def leave_as(status):
    """End this process the way the experiment ended."""
    if os.WIFSIGNALED(status):
        no_core_dump()
        prctl(PR_SET_DUMPABLE, 0)  # where dumps go to a program, a limit of 0 does not bind
        with suppress(OSError):
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


def experiment_below(guardian):
    """The experiment's process: a group of its own, no input, default signals, dies with the
    guardian."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guardian:
        os._exit(1)
    prctl(PR_SET_CHILD_SUBREAPER, 0)
    with (
        suppress(OSError),
        open("/proc/self/oom_score_adj", "w") as score,
    ):  # short of memory, Linux kills us first
        score.write("1000")
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    no_core_dump()
    experiment(*sys.argv[1:])


def no_core_dump():
    """Crashes are wanted here; files of their memory are not."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def watch_without_fork():
    """Windows: a thread waits for the end of input and then ends this process and all that is
    below it."""
    import subprocess
    import threading

    def watch():
        os.read(0, 1)
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(os.getpid())], capture_output=True)

    threading.Thread(target=watch, daemon=True).start()


def experiment(module, params):
    """Run it, writing each row as it comes to what was standard output; prints go to standard
    error instead."""
    import json
    from importlib import import_module

    rows = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def write(**line):
        rows.write(json.dumps(line) + "\n")

    try:
        module = import_module(module)
        from pvt import host

        write(facts=host.facts(others=False))
        if missing := host.lacking(getattr(module, "NEEDS", ())):
            return write(needs=missing)
        for row in (run := Returning(module.run(**json.loads(params)))):
            write(row=row)
        if run.value is not None:
            write(others=run.value)
    except Missing as what:
        write(needs=str(what))
    except Exception as problem:
        write(raised=f"{type(problem).__name__}: {problem}")
        raise


class Returning:
    """A generator to be iterated over; `value` is what it returned in the end."""

    def __init__(self, rows):
        self.rows, self.value = rows, None

    def __iter__(self):
        self.value = yield from self.rows


if __name__ == "__main__":
    main()
