"""Notes of what happens inside a Python process, written to a file every few hundredths of a
second.

Stdlib only, and careful: whatever fails here must not fail the program. A note is a list whose
first word says which: process, called, thread, name, end, wait, open, short, step, item, pool, job,
took, back, left, gate, sqlite, served, pickle, probe, place. Times are seconds of CLOCK_MONOTONIC, which all processes of
a machine share.

A thread of the recorder (`probe`) wakes some 60 times a second. How late it gets the GIL, less the
time for which it had no core, says whether the GIL was free; the frames of the others say in which
line they are. Its pauses differ, so that it keeps no step with the threads that hand the GIL over
every 5 ms: in step with them it met the same moment each time. Where the program has one thread,
which takes turns with nobody, it soon looks more rarely: it would cost that thread some 5 % of its
time. It is a bare thread: threading.enumerate does not list it, and it is gone while the
program forks."""

import _signal
import _thread
import atexit
import os
import sys
import threading
import time
from json import JSONEncoder

PAUSE = 0.01  # seconds between two probes at least, and up to as many again
GOLDEN = 0.618034  # multiples of it, without their whole part, cover 0 to 1 evenly
SURE = 16  # probes, after which the pause may be longer
RARER, RAREST = 3, 10  # times the pause where one thread is alone and computes, or waits
IDLE = 0.2  # of the time since the last probe: with less on a core, a thread waits
FLUSH_EVERY = 4  # probes
SHORT = 0.001  # seconds: shorter waits are added up
LIMITED = " (with a time limit)"  # said of what is still waited for
MOST_QUEUES = 64  # of which is noted what lies in them
MOST_FRAMES = 16  # threads whose frames are looked at in one probe

encoded = JSONEncoder(default=str).encode
clock = time.monotonic
ident = _thread.get_ident
native_id = _thread.get_native_id
bare_lock = _thread.allocate_lock
os_exit, current_frames = os._exit, sys._current_frames
CLOEXEC = getattr(os, "O_CLOEXEC", 0)
LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
HERE = os.path.dirname(os.path.abspath(__file__))
OURS = {}  # name of a file -> whether it is the program's


class State:
    """What this process has noted since the last flush."""

    notes, short, open, natives = [], {}, {}, {}
    names, places, pools, folder, called = {}, {}, {}, None, "MainProcess"
    first_names, flushing = {}, bare_lock()  # names of threads when they began
    takers, queues, backs = {}, {}, {}  # see `took`, `Taken` and `note_givers`
    gates, polls = {}, {}  # see `note_gates`; thread -> `Poll`: it tried to take a lock, in vain
    pickles, probing = {}, False  # (thread, what) -> (begin, seconds, bytes, count) of short ones
    alone = False  # the program has one thread, and no loop of tasks
    stop, gone, probe_id, probe_ident, file = None, None, 0, 0, None


def begin(folder):
    """Start to note in this process, and in those that it forks."""
    State.folder = folder
    import pvt_builtin
    import pvt_waits

    pvt_waits.put_in_place()
    pvt_builtin.exchange(os_exit, leave, os)
    atexit.register(finish)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=pause, after_in_parent=start, after_in_child=again)
    here()
    flush()
    start()


def here():
    """Say who this process is."""
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    State.natives[ident()] = native_id()
    State.notes.append(
        ["process", clock(), os.getpid(), os.getppid(), native_id(), gil, sys.version.split()[0]]
    )
    if "sqlite3" in sys.modules:
        note_sqlite()


def note_sqlite(module=None):
    """From here on sleeps that no Python asked for may be those of a database that is locked."""
    State.notes.append(["sqlite"])


def again():
    """In a forked child: nothing of the parent's notes, and a probe of its own."""
    State.notes, State.short, State.open, State.natives = [], {}, {}, {}
    State.names, State.places, State.pools, State.flushing = {}, {}, {}, bare_lock()
    State.takers, State.queues, State.backs, State.pickles = {}, {}, {}, {}
    State.gates = {}
    State.polls.clear()
    close_inherited()
    here()
    State.notes[0].append("forked")
    start()


def close_inherited():
    """In a forked child: the notes of the parent are its own."""
    if State.file:
        (file, known), State.file = State.file, None
        try:
            if os.fstat(file)[1:3] == known:
                os.close(file)
        except OSError:
            pass


def start():
    """Start the probe, if none runs."""
    if State.probing:
        return
    State.stop, State.gone = bare_lock(), bare_lock()
    State.stop.acquire(), State.gone.acquire()
    State.probing = True
    try:
        unheard(probe, State.stop, State.gone)
    except RuntimeError:  # no room for a thread, or the interpreter is ending
        State.probing = False


def unheard(function, *args):
    """Start a thread that takes no signal: a program may have blocked one in all its own threads,
    to wait for it.
    """
    mask = getattr(_signal, "pthread_sigmask", None)
    before = mask and mask(_signal.SIG_BLOCK, _signal.valid_signals())
    try:
        _thread.start_new_thread(function, args)
    finally:
        if mask:
            mask(_signal.SIG_SETMASK, before)


def pause():
    """End the probe and wait until its thread is gone: Python warns of a fork in a process with
    threads.
    """
    if not State.probing:
        return
    State.probing = False
    State.stop.release()
    State.gone.acquire(timeout=1)
    until, path = clock() + 0.01, f"/proc/self/task/{State.probe_id}"
    while os.path.exists(path) and clock() < until:
        pass


def finish():
    """At exit: the last notes."""
    pause()
    State.notes.append(["end", thread(), clock(), time.thread_time(), "MainThread"])
    flush()


def leave(*args, **kwargs):
    """os._exit, after the last notes: multiprocessing ends its forked workers so."""
    try:
        if ident() == threading.main_thread().ident:
            State.notes.append(["end", thread(), clock(), time.thread_time(), "MainThread"])
        flush()
    finally:
        os_exit(*args, **kwargs)


def probe(stop, gone):
    """Look, again and again, until told to stop."""
    State.probe_id, State.probe_ident, rounds, file = native_id(), ident(), 0, None
    State.notes.append(["probe thread", State.probe_id])
    try:
        file = counts()
        before, due = run_delay(file), clock() + pause_after(rounds)
        then, had = clock(), time.process_time()
        while not stop.acquire(timeout=max(0.0, due - clock())):
            now, used = clock(), time.process_time()
            frames = seen()
            delayed = run_delay(file) - before
            State.notes.append(["probe", now, now - due, delayed, frames])
            rounds += 1
            longer = patience(used - had, now - then) if rounds > SURE else 1
            if longer > 1 or rounds % FLUSH_EVERY == 0:
                flush()
            before = run_delay(file)
            due, then, had = clock() + longer * pause_after(rounds), now, used
    except Exception:
        State.probing = False
    finally:
        if file is not None:
            os.close(file)
        gone.release()


def pause_after(rounds):
    """Seconds until the next probe."""
    return PAUSE * (1 + rounds * GOLDEN % 1)


def patience(used, passed):
    """How many times the pause is longer, after so many seconds on a core of those that passed."""
    if not State.alone:
        return 1
    return RARER if used > IDLE * passed else RAREST


def written():
    """The file of notes. It stays open: a program that becomes another user could not open it
    again. Whether it is still the same is asked, for a program may close all its files.
    """
    if State.file:
        file, known = State.file
        try:
            if os.fstat(file)[1:3] == known:
                return file
        except OSError:
            pass
    path = f"{State.folder}/notes-{os.getpid()}"
    file = high(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | CLOEXEC, 0o600))
    State.file = file, os.fstat(file)[1:3]
    return file


def high(low):
    """The same file under a number that no program expects."""
    try:
        import fcntl

        file = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 700)
    except (ImportError, OSError, ValueError):
        return low
    os.close(low)
    return file


def counts():
    """The file with the probe's own times; None where there is none."""
    try:
        path = f"/proc/self/task/{State.probe_id}/schedstat"
        return high(os.open(path, os.O_RDONLY | CLOEXEC))
    except OSError:
        return None


def run_delay(file):
    """Seconds for which the probe was ready and had no core; 0 where the system does not say."""
    try:
        return int(os.pread(file, 100, 0).split()[1]) * 1e-9
    except (OSError, TypeError, IndexError, ValueError):
        return 0.0


def seen():
    """Where the other threads are: [[thread, number of the place], …]."""
    frames = current_frames()
    frames.pop(ident())  # a frame that holds itself would keep all the others until a collection
    threads = list(frames)
    State.alone = len(threads) < 2 and "asyncio" not in sys.modules
    if len(threads) > MOST_FRAMES:
        first = int(clock() / PAUSE) * MOST_FRAMES % len(threads)
        threads = (threads + threads)[first : first + MOST_FRAMES]
    return [[State.natives[one], place(frames[one])] for one in threads if one in State.natives]


def place(frame):
    """The number of the place where a frame's program is; a new place is noted."""
    inner = (
        "" if ours(frame) else "/".join(frame.f_code.co_filename.replace("\\", "/").split("/")[-2:])
    )
    while frame.f_back and not ours(frame):
        frame = frame.f_back
    key = (frame.f_code.co_filename, frame.f_lineno, inner)
    if key not in State.places:
        State.places[key] = len(State.places)
        State.notes.append(
            ["place", State.places[key], key[0], key[1] or 0, frame.f_code.co_name, inner]
        )
    return State.places[key]


def ours(frame):
    """Whether a frame belongs to the program, not to Python's library or to the recorder."""
    name = frame.f_code.co_filename
    if name not in OURS:
        OURS[name] = not of_python(name) and not name.startswith((HERE, "<frozen", "<string>"))
    return OURS[name]


def of_python(file):
    """Whether a file belongs to Python's library."""
    return file.startswith(LIBRARY) and "site-packages" not in file


def where():
    """The program's own line that led here, as (file, line)."""
    frame = sys._getframe(1)
    while not OURS.get(frame.f_code.co_filename) and not ours(frame) and frame.f_back:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def thread():
    """The system's number of the calling thread."""
    mine = ident()
    if mine not in State.natives:
        State.natives[mine] = native_id()
    return State.natives[mine]


def name_of(thread):
    """The name of a thread; "" for one of the program's own kind that does not say."""
    try:
        return str(thread.name)
    except Exception:
        return ""


def waited(begin, end, state, what, holder=None):
    """Note a wait that is over; short ones are added up."""
    if end - begin >= SHORT:
        State.notes.append(
            ["wait", thread(), begin, end, state, what, State.natives.get(holder), where()]
        )
        return
    key, short = (thread(), state, what), State.short
    seconds, count = short.get(key, (0.0, 0))
    short[key] = (seconds + end - begin, count + 1)


def took(mine, begin, waiting, end):
    """Note that a worker was at a piece of work from a queue, in which so many lay waiting.

    Added up for each (queue, worker): begin, end, pieces, seconds at them, the same times what lay
    waiting meanwhile, and the least that lay there.
    """
    one = State.takers.setdefault(mine, [begin, end, 0, 0.0, 0.0, waiting])
    one[1] = end
    one[2] += 1
    one[3] += end - begin
    one[4] += (end - begin) * waiting
    one[5] = min(one[5], waiting)


def left(now):
    """What lies in queues, where something was taken or it is more or less than before."""
    for one in list(State.queues.values())[:MOST_QUEUES]:
        queue = one.ref()
        size = one.size if queue is None else one.lies(queue)
        if one.fresh or size != one.size:
            one.fresh, one.size = False, size
            yield ["left", one.number, now, size]


def added_up(name):
    """What was added up under this name since the last flush, as pairs: a copy, for a thread may be
    about to add to it, and a walk over it would fail."""
    found = getattr(State, name)
    setattr(State, name, {})
    return list(found.items())


def flush():
    """Append the notes to this process's file."""
    if not State.flushing.acquire(False):
        return
    try:
        count = len(State.notes)  # the list stays the same: a thread may be about to append to it
        notes = State.notes[:count]
        del State.notes[:count]
        now = clock()
        notes += [["gate", *key, *value] for key, value in added_up("gates")]
        notes += [["short", now, *key, *value] for key, value in added_up("short")]
        notes += [["took", *key, *value] for key, value in added_up("takers")]
        notes += [["back", *one] for one in added_up("backs")]
        for (worker, what), (begin, seconds, *sizes) in added_up("pickles"):
            notes.append(["pickle", worker, begin, seconds, what, *sizes])
        notes += left(now)
        for mine, (begin, state, what, lock) in list(State.open.items()):
            if now - begin > SHORT and mine in State.natives:
                holder = State.natives.get(lock.holder()) if lock else None  # who has it now
                notes.append(["open", State.natives[mine], begin, now, state, what, holder, None])
        for one in list(getattr(threading, "_active", {}).values()):
            number, name = one.native_id, name_of(one)
            if number and State.names.get(number) != name:
                State.names[number] = name
                notes.append(["name", number, name])
        processes = sys.modules.get("multiprocessing.process")
        if processes and State.called != processes.current_process().name:
            State.called = processes.current_process().name
            notes.append(["called", State.called])
        text = "".join(encoded(note) + "\n" for note in notes)
        os.write(written(), text.encode("utf-8", "backslashreplace"))
    except Exception:  # the folder is gone, the program has no file left: it goes on without notes
        if os.environ.get("PVT_WATCH_STRICT"):
            raise
    finally:
        State.flushing.release()
