"""A server in processes of its own for as long as a `with` lasts, its limits, and why it is none.

At its end nothing that it has started lives: the process that runs the trials adopts whatever a
server
leaves behind (Linux), and ends it.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

from pvt import procfs
from pvt.challenger.calls import FLOOD, GARBAGE, MOST, REFUSED, Calls, request
from pvt.challenger.starting import SAYS

START, MOMENT = 8.0, 2.0  # seconds for a server to listen; if it listens elsewhere
PATIENCE, LIMIT = 1.5, 6.0  # seconds without any sign of work until we give up; in any case
PROCESSES, OUTPUT, NOISE = 500, 16 << 20, 8_000  # most of a server; bytes printed; bytes kept
SLICE, LOOK, WORKED = (
    0.02,
    0.2,
    0.015,
)  # seconds: a look at the calls, at the server; a sign of work


class Unfit(Exception):
    """Why there is nothing to put through a trial, in a sentence."""


class Work:
    """How long a server is waited for: as long as it works, but not longer than the limit."""

    def __init__(self, served, patience, limit):
        self.served, self.patience, self.limit = served, patience, limit
        self.begin = self.moved = self.looked = time.perf_counter()
        self.used = None

    def over(self, moved=False):
        """Whether nothing has moved for too long. It is looked at rarely: with a thousand threads a
        look is work."""
        now = time.perf_counter()
        if now - self.looked > LOOK:
            spent, self.looked = self.served.processor(), now
            moved = moved or self.used is None or spent - self.used >= WORKED
            self.used = spent if moved else self.used
        self.moved = now if moved else self.moved
        return now - self.begin > self.limit or now - self.moved > self.patience


class Served:
    """A server that is running. Raises Unfit from `ready` if it does not serve."""

    def __init__(self, name, command, folder=None):
        """`command(port)`: the words that start it."""
        self.name, self.command, self.folder = name, command, folder
        self.process = self.port = self.trouble = None
        self.noise, self.printed = b"", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def start(self):
        """Start it at a port of its own, and wait until it answers. Raises Unfit."""
        self.port, self.noise, self.printed, self.trouble = free_port(), b"", 0, None
        nothing = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        try:
            self.process = subprocess.Popen(
                self.command(self.port),
                **nothing,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )
        except OSError as problem:
            raise Unfit(f"it cannot be started: {problem.strerror or problem}.") from None
        for work in (self.drain, self.guard):
            threading.Thread(target=work, args=(self.process,), daemon=True).start()
        try:
            self.listens()
            self.greets()
        except Unfit:
            self.end()
            raise
        return self

    def drain(self, process):
        """Read what it prints, keep the end of it, and end it if it prints without end."""
        with process.stdout as pipe, suppress(OSError, ValueError):
            while data := os.read(pipe.fileno(), 1 << 16):
                self.noise, self.printed = (self.noise + data)[-NOISE:], self.printed + len(data)
                if self.printed > OUTPUT:
                    return self.stop(
                        process, f"it printed more than {OUTPUT >> 20} MiB and was ended"
                    )

    def guard(self, process):
        """End it if it starts processes without end."""
        while process.poll() is None and process is self.process:
            if len(procfs.tree(process.pid)) > PROCESSES:
                return self.stop(process, f"it had more than {PROCESSES} processes and was ended")
            time.sleep(LOOK)

    def stop(self, process, trouble):
        self.trouble = trouble
        end_all(process)

    def listens(self):
        """Wait until somebody can connect to its port. Raises Unfit."""
        until = time.perf_counter() + START
        while not self.reachable():
            if self.process.poll() is not None:
                time.sleep(SLICE)  # its last words
                raise Unfit(self.death())
            if wide := strangers(self.doors(), self.port):
                raise Unfit(wide)
            doors = self.doors()
            late = until - (START - MOMENT) * bool(
                doors
            )  # who listens elsewhere will not come here
            if time.perf_counter() > late and not self.reachable():
                raise Unfit(elsewhere(doors, self.port))
            time.sleep(0.01)
        if wide := strangers(self.doors(), self.port):
            raise Unfit(wide)

    def reachable(self):
        """Whether somebody can connect to its port. Where the system says who listens, nobody needs
        to knock."""
        if os.path.isdir("/proc/net"):
            here = ("127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::")
            return any(at == self.port and address in here for address, at in self.doors())
        with socket.socket() as door:
            door.settimeout(0.5)
            return door.connect_ex(("127.0.0.1", self.port)) == 0

    def greets(self):
        """One plain request. Raises Unfit if no answer of HTTP comes."""
        call = self.newcomer(restarts=False)
        if call.outcome == 200:
            return
        begin = call.got[:40]
        text = {
            GARBAGE: (
                f"its answer begins with {begin!r}. Begin with HTTP/1.1 200 OK and a line end."
            ),
            FLOOD: f"its answer to one request had no end after {MOST >> 20} MiB.",
        }.get(call.outcome)
        if text is None and (died := self.fate()):
            raise Unfit(
                f"it died at the first request:{died}" if not self.trouble else self.death()
            )
        if call.outcome is None and call.got:
            text = (
                f"its answer begins well and has no end: {begin!r}. Give a Content-Length, or"
                " close."
            )
        elif call.outcome is None:
            text = f"it takes connections and does not answer: GET / got nothing in {PATIENCE:g} s."
        raise Unfit(text or f"GET / must be answered with status 200; it got: {call.outcome}.")

    def alive(self):
        """Whether the process that was started lives; what it printed at the end is here if not."""
        return self.process.poll() is None

    def death(self):
        """How it ended, in a sentence that begins small."""
        if self.trouble:
            return f"{self.trouble}."
        lines = [one for one in self.noise.decode(errors="replace").splitlines() if one.strip()]
        text = [one.removeprefix(SAYS) for one in lines if one.startswith(SAYS)]
        if text:
            return f"{text[-1]}."
        last = f": {lines[-1].strip()[:200]}" if lines else ""
        code = self.process.poll()
        if code is not None and code < 0:
            return f"its process was killed by {signal_name(-code)}{last}."
        return f"its process ended (exit {code}){last}."

    def fate(self, patience=0.5):
        """How it ended, as a sentence behind a space; "" if it lives. One that is dying gets a
        moment for it."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
            time.sleep(SLICE)  # its last words
            text = self.death()
            return f" {text[:1].upper()}{text[1:]}"
        return ""

    def newcomer(self, path="/", patience=PATIENCE, limit=LIMIT, restarts=True):
        """A new connection with one request; its Call, when it is answered or we give up.

        Who works is waited for, up to `limit`; who does nothing for `patience` seconds is not. A
        door
        that does not open is tried anew: else a lost packet would cost the server a second.
        """
        work = Work(self, patience, limit)
        with Calls(self.port) as calls:
            call, sent = calls.connect(), False
            while True:
                calls.step(SLICE)
                if call.connected and not sent:
                    sent = True
                    calls.say(call, request(path))
                refused = call.outcome == REFUSED
                if call.outcome is not None and not (refused and restarts and self.alive()):
                    return call
                if work.over():
                    return call
                now = time.perf_counter()
                if refused or (not call.connected and now - call.begun > 0.25):
                    calls.leave(call)
                    time.sleep(SLICE)
                    call = calls.connect()

    def settle(self, calls, some, patience=PATIENCE, limit=LIMIT):
        """Wait until each of some calls has ended, or nothing happens any more, or the limit is
        reached."""
        work, left = Work(self, patience, limit), list(some)
        while left := [call for call in left if call.outcome is None]:
            calls.step(SLICE)
            if work.over(moved=sum(call.outcome is None for call in left) < len(left)):
                break
        return time.perf_counter() - work.begin

    def tree(self):
        """The process ids that are its own: what it started, also what it has left behind."""
        return [pid for pid in mine(self.process.pid) if not dead(pid)]

    def workers(self):
        """(processes, threads) of it, or None where the system does not say."""
        if not os.path.isdir("/proc/self/task"):
            return None
        tree = self.tree()
        return len(tree), sum(len(procfs.threads(pid)) for pid in tree)

    def processor(self):
        """Seconds of a core that its living processes have used so far; 0 where nobody knows."""
        return sum(map(procfs.processor, mine(self.process.pid)))

    def quiet(self, limit=3.0):
        """Wait until it has nothing left to do of what was."""
        until, used = time.perf_counter() + limit, -1.0
        while time.perf_counter() < until and (spent := self.processor()) != used:
            used = spent
            time.sleep(0.06)

    def doors(self):
        """The (address, port) pairs at which it listens; empty where the system does not say."""
        return listening(self.tree())

    def end(self):
        """End it with all that it has started."""
        if self.process:
            end_all(self.process)


def free_port():
    """A port that nobody has, below those that the system gives to clients: a client must not meet
    itself."""
    for _ in range(200):
        port = random.randrange(15_000, 32_000)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Unfit("no free port was found on this machine.")


def mine(pid):
    """What is below a server, and whatever we have adopted; without /proc the server alone."""
    own = os.getpid()
    adopted = [one for child in procfs.children(own) if child != pid for one in procfs.tree(child)]
    return [*procfs.tree(pid), *adopted]


def dead(pid):
    return procfs.status(pid).get("State", "\tZ").strip().startswith("Z")


def end_all(process, patience=3.0):
    """Kill a server, all below it and all it has left to us, until nothing is left."""
    until = time.perf_counter() + patience
    while True:
        for pid in mine(process.pid):
            with suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        if hasattr(os, "killpg") and process.poll() is None:  # before its number can be another's
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        for pid in procfs.children():
            with suppress(OSError):
                if pid != process.pid:
                    os.waitpid(pid, os.WNOHANG)
        left = process.poll() is None or procfs.children()
        if not left or time.perf_counter() > until:
            return
        time.sleep(0.005)


def signal_name(number):
    known = number in list(signal.valid_signals())
    return signal.Signals(number).name if known else f"signal {number}"


def listening(tree):
    """Where these processes listen, as (address, port), from /proc."""
    held = set()
    for pid in tree:
        with suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    held.add(os.readlink(f"/proc/{pid}/fd/{name}"))
    found = []
    for file, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in (procfs.text(f"/proc/net/{file}") or "").splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in held:
                address, _, port = words[1].partition(":")
                found.append((spelled(address, family), int(port, 16)))
    return found


def spelled(address, family):
    """An address of /proc/net/tcp, whose words are in the machine's own order, as people write
    it."""
    words = [bytes.fromhex(address[at : at + 8]) for at in range(0, len(address), 8)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    return socket.inet_ntop(family, b"".join(words))


def strangers(doors, port):
    """The sentence for a server that listens to more than this machine; "" if it does not."""
    for address, at in doors:
        if not address.startswith(("127.", "::1", "::ffff:127.")):
            return (
                f"it listens at {address}, port {at}: every machine in the network can reach it. It"
                " was ended"
                f' at once. Listen at ("127.0.0.1", port).'
            )
    return ""


def elsewhere(doors, port):
    """The sentence for a server that listens at another place, or nowhere."""
    if doors:
        text = ", ".join(f"{address} port {at}" for address, at in sorted(set(doors)))
        return (
            f"it listens at {text}, not at 127.0.0.1 port {port}. Listen at the port that it is"
            " given."
        )
    return f"it did not listen at port {port} within {START:g} s. Bind, listen, and accept at once."
