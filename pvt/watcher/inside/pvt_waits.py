"""Stand-ins for what a thread can wait in: each does what the original does and notes waits of more
than nothing.

Put in place before the program's first line. What is in modules that the program may not need is
exchanged when it imports them. Inside one noted wait no other is noted: queue.get is a wait for a
queue, not for its lock.
"""

import _thread
import sys
import threading
import time
from _weakref import ref
from importlib.machinery import PathFinder
from itertools import count

import pvt_builtin
import pvt_exchange
import pvt_locks
import pvt_notes as notes
import pvt_tasks
import pvt_traces

clock, ident, waits = time.monotonic, _thread.get_ident, notes.State
bare_sleep = time.sleep
MOST_TAKERS = 1000  # workers at once of a queue of which pieces of work are noted
NUMBERS = count()
MOMENT = 0.2  # seconds: who sleeps longer between two tries to take a lock does not poll for it
polls = notes.State.polls


def put_in_place():
    """Exchange what is there already, and the rest when it is imported."""
    pvt_builtin.exchange(bare_sleep, sleep)
    threading.Lock, threading.RLock = pvt_locks.Lock, pvt_locks.RLock
    note_gates(threading.Condition)
    cover(threading.Condition, "wait", "worker", lambda self, *_: "a condition", sleeps=True)
    note_signals(threading.Semaphore)
    note_polls(threading.Semaphore, "a semaphore")
    cover(threading.Semaphore, "acquire", gated, lambda self, *_: "a semaphore", limit=1)
    threading.Semaphore.__enter__ = threading.Semaphore.acquire
    cover(threading.Event, "wait", "worker", lambda self, *_: "an event", sleeps=True)
    cover(threading.Barrier, "wait", "worker", lambda self, *_: "a barrier")
    cover(threading.Thread, "join", "worker", lambda self, *_: f"the end of {self.name}")
    name_threads()
    note_shutdown()
    pvt_traces.put_in_place()
    later = {
        "traceback": pvt_traces.in_traceback,
        "queue": in_queue,
        "sqlite3": notes.note_sqlite,
        "concurrent.futures.thread": in_pool,
        "concurrent.futures.process": in_process_pool,
        "multiprocessing.pool": in_multiprocessing_pool,
        "multiprocessing.connection": in_connection,
        "multiprocessing.reduction": in_reduction,
        "multiprocessing.queues": in_queues,
        "multiprocessing.synchronize": in_synchronize,
        "multiprocessing.popen_fork": in_popen,
        "subprocess": in_subprocess,
        "selectors": in_selectors,
        "socket": in_socket,
        "asyncio.events": in_loop,
        "asyncio.base_events": in_base_loop,
        "asyncio.locks": in_task_locks,
        "asyncio.queues": in_task_queues,
    }
    if wanted := notes.os.environ.get("PVT_WATCH_EXECUTOR"):
        later["concurrent.futures"] = lambda futures: pvt_exchange.exchange(futures, wanted)
    for name in [name for name in later if name in sys.modules]:
        then, module = later.pop(name), sys.modules[name]
        if notes.of_python(getattr(module, "__file__", None) or ""):
            then(module)
    sys.meta_path.insert(0, Finder(later))


class Finder:
    """Finds a module as usual, and has something done after it is loaded. The base classes of
    importlib.abc would cost each start of a Python 20 ms."""

    def __init__(self, later):
        self.later = later

    def find_spec(self, name, path, target=None):
        if name not in self.later:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader and notes.of_python(spec.origin or ""):  # not the program's own
            spec.loader = After(spec.loader, self.later.pop(name))
        return spec


class After:
    """A loader that does one thing more."""

    def __init__(self, loader, then):
        self.loader, self.then = loader, then

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        try:
            self.then(module)
        except Exception:  # another version of that module: less is noted
            if notes.os.environ.get("PVT_WATCH_STRICT"):
                raise


def cover(owner, name, state, what, never=None, limit=0, sleeps=False):
    """Exchange a method for one that notes how long it took; `state` is the kind of wait or gives
    it, `what` names what is waited for, `never` says of which objects it does not wait.

    `limit` is the position of its time-out. Where it `sleeps`, a wait that its time-out ended was
    for that time, and for nobody.
    """
    original, of = getattr(owner, name), state if callable(state) else lambda self: state

    def noted(self, *args, **kwargs):
        me, opened = ident(), waits.open
        if me in opened or (never and never(self)):
            return original(self, *args, **kwargs)
        try:
            begin, label, kind, found = clock(), what(self, *args), of(self), None
        except Exception:  # an object of the program's own kind: nothing is noted
            return original(self, *args, **kwargs)
        until = kwargs.get("timeout", args[limit] if len(args) > limit else None)
        opened[me] = (begin, kind, label if until is None else f"{label}{notes.LIMITED}", None)
        try:
            found = original(self, *args, **kwargs)
            return found
        finally:
            opened.pop(me, None)
            if sleeps and found is False and until is not None and meant(sys._getframe(1)):
                notes.waited(begin, min(clock(), begin + max(0.0, until)), "asleep", "")
            else:
                notes.waited(begin, clock(), kind, label)

    exchange(owner, name, noted)


def meant(caller):
    """Whether the program itself, or a Timer of its own, waits for its time-out; a Future whose
    result is asked for again and again waits for another all the same.
    """
    return notes.ours(caller) or caller.f_code.co_filename == threading.__file__


def note_polls(kind, what):
    """Note who tries again and again to pass, and sleeps in between."""
    acquire = kind.acquire

    def acquire_noted(self, *args, **kwargs):
        taken = acquire(self, *args, **kwargs)
        if (not taken or polls) and gated(self) == "lock":
            pvt_locks.polled(ident(), self, what, nobody, taken)
        return taken

    exchange(kind, "acquire", acquire_noted)


def nobody():
    """Who holds a lock that does not say it."""


def note_gates(condition):
    """Note of the conditions at which the program itself waits who waits there and who wakes
    others: with one condition things can be handed out, as connections are.

    Noted for each (condition, thread): waits, their seconds, the longest, the line of the last
    wait, how often it woke others, and the line of the last time.
    """
    wait = condition.wait

    def of(gate):
        return waits.gates.setdefault((gate, notes.thread()), [0, 0.0, 0.0, None, 0, None])

    def first_wait(self):
        gate, notify = next(NUMBERS), self.notify

        def notify_noted(*args, **kwargs):
            mine = of(gate)
            mine[4], mine[5] = mine[4] + 1, notes.where()
            return notify(*args, **kwargs)

        self.pvt_gate, self.notify = (gate, {}), notify_noted
        return self.pvt_gate

    def wait_noted(self, *args, **kwargs):
        caller = sys._getframe(2)  # between them stands what notes the wait
        if caller.f_code.co_name == "wait_for":
            caller = caller.f_back or caller
        if not notes.ours(caller):
            return wait(self, *args, **kwargs)
        gate, ends = vars(self).get("pvt_gate") or first_wait(self)
        begin = clock()
        try:
            return wait(self, *args, **kwargs)
        finally:
            mine, end, me = of(gate), clock(), ident()
            in_vain = begin - ends.get(me, 0.0) < notes.SHORT  # it was woken, and waits again
            mine[0], mine[1] = mine[0] + (not in_vain), mine[1] + end - begin
            mine[2], mine[3], ends[me] = max(mine[2], end - begin), notes.where(), end

    exchange(condition, "wait", wait_noted)


def note_signals(kind):
    """Mark semaphores that are made with 0: nobody holds them, others give a sign by them."""
    init = kind.__init__

    def init_noted(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.pvt_signal = self._value == 0

    exchange(kind, "__init__", init_noted)


def gated(semaphore):
    """What who waits at a semaphore waits for."""
    return "worker" if getattr(semaphore, "pvt_signal", False) else "lock"


def exchange(owner, name, noted):
    """Put a method in the place of the original, and let it look like it."""
    original = getattr(owner, name)
    noted.__name__ = name
    noted.__qualname__ = getattr(original, "__qualname__", name)
    noted.__module__ = getattr(original, "__module__", None)
    noted.__doc__ = original.__doc__
    noted.__wrapped__ = original
    setattr(owner, name, noted)


class Taken:
    """A queue from which is taken, without keeping it alive."""

    __slots__ = ("fresh", "left", "number", "ref", "since", "size")

    def __init__(self, queue, number, left):
        here = id(queue)  # another queue may get the same address later
        self.ref = ref(queue, lambda _: waits.queues.pop(here, None))
        self.number, self.left, self.fresh, self.size = number, left, True, 0
        self.since = {}  # worker -> (when it took its piece, how much lay there then, which piece)

    def lies(self, queue):
        """How much lies in it; 0 where it does not say."""
        try:
            return self.left(queue)
        except Exception:  # a queue of the program's own kind
            return 0


def note_takers(owner, name, number, left, taker=notes.thread, never=None):
    """Note how long each worker is at what it took from a queue, and how much lies there meanwhile.

    Workers that take their work from one queue are a pool made by hand. `number` tells the queue
    from others, `left` says how much lies in it, `taker` who takes; `never` says of which queues
    nothing is noted.
    """
    original = getattr(owner, name)

    def before(self):
        """Who takes from what, where that is noted: the worker's last piece is done."""
        try:
            if never and never(self):
                return None, None
            queue = waits.queues.get(id(self))
            if queue is None:
                queue = waits.queues[id(self)] = Taken(self, number(self), left)
            me = taker()
            if me in queue.since:
                notes.took((queue.number, me), *queue.since.pop(me)[:2], clock())
            return queue, me
        except Exception:  # a queue of the program's own kind: nothing is noted
            return None, None

    def take(self, *args, **kwargs):
        queue, me = before(self)
        found = original(self, *args, **kwargs)
        if queue is not None and len(queue.since) < MOST_TAKERS:
            queue.since[me], queue.fresh = (clock(), queue.lies(self), id(found)), True
        return found

    exchange(owner, name, take)


def note_givers(owner, name, taker=notes.thread):
    """Note who puts back into a queue what it took from there, as one does with connections."""
    original = getattr(owner, name)

    def put(self, item, *args, **kwargs):
        queue = waits.queues.get(id(self))
        if queue is not None and queue.since.get(taker(), (0, 0, 0))[2] == id(item):
            waits.backs[queue.number] = waits.backs.get(queue.number, 0) + 1
        return original(self, item, *args, **kwargs)

    exchange(owner, name, put)


def own_kind(owner, size, ordered=()):
    """Asks of a queue whether its order is its own, and with it often its time; or whether it keeps
    what lies in it in a way of its own: to ask it for `size` would run the program's code."""

    def asked(queue):
        kind = type(queue)
        return isinstance(queue, ordered) or getattr(kind, size).__module__ != owner.__module__

    return asked


def numbered(queue):
    """A number that no other queue of this process has."""
    return next(NUMBERS)


def sleep(*args, **kwargs):
    me, opened = ident(), waits.open
    if me in opened or len(args) != 1 or kwargs:
        return bare_sleep(*args, **kwargs)
    begin = clock()
    opened[me] = (begin, "asleep", "", None)
    try:
        return bare_sleep(*args)
    finally:  # until it was due: later it was ready, or wanted the GIL
        opened.pop(me, None)
        end = min(clock(), begin + in_seconds(*args))
        poll = polls.get(me) if polls else None
        if poll is None:
            notes.waited(begin, end, "asleep", "")
        elif poll.slept is None and end - begin < MOMENT:
            poll.sleeps(begin, end)
        else:  # it did something else before
            polls.pop(me).settle()
            notes.waited(begin, end, "asleep", "")


def in_seconds(given):
    """A number of seconds as a float; 0 for what is none."""
    try:
        return float(given)
    except Exception:
        return 0.0


def name_threads():
    """Note when each thread begins and ends, its name, and its processor time."""
    original = threading.Thread._bootstrap_inner

    def _bootstrap_inner(self):
        number = notes.native_id()
        notes.State.natives[ident()] = number
        notes.State.first_names[number] = name = notes.name_of(self)
        notes.State.notes.append(["thread", number, clock(), name])
        if of_a_pool(self):
            notes.State.notes.append(["servant", number])
        try:
            original(self)
        finally:
            name = notes.name_of(self)
            notes.State.notes.append(["end", number, clock(), time.thread_time(), name])

    threading.Thread._bootstrap_inner = _bootstrap_inner


def of_a_pool(thread):
    """Whether a thread is one with which a pool of processes, or a queue, sends and receives."""
    target = getattr(thread, "_target", None)
    return type(thread).__name__ == "_ExecutorManagerThread" or (
        getattr(target, "__module__", None) in ("multiprocessing.pool", "multiprocessing.queues")
        and getattr(target, "__name__", "").startswith("_")
    )


def note_shutdown():
    """At its end the main thread waits for the threads that nobody has joined, in locks or, in 3.13
    and later, in C."""
    original, what = threading._shutdown, "the end of its threads"

    def _shutdown():
        begin, me = clock(), ident()
        waits.open[me] = (begin, "worker", what, None)
        try:
            return original()
        finally:
            waits.open.pop(me, None)
            notes.waited(begin, clock(), "worker", what)

    exchange(threading, "_shutdown", _shutdown)


def in_queue(queue):
    cover(queue.Queue, "get", "worker", lambda self, *_: "a queue", limit=1)
    own = own_kind(queue.Queue, "_qsize", queue.PriorityQueue)
    note_takers(queue.Queue, "get", numbered, lambda self: len(self.queue), never=own)
    note_givers(queue.Queue, "put")
    cover(queue.Queue, "put", "worker", lambda self, *_: "room in a queue", limit=2)
    cover(queue.Queue, "join", "worker", lambda self, *_: "a queue to be worked off")

    class SimpleQueue(queue.SimpleQueue):
        __slots__ = ()
        __module__, __qualname__ = "_queue", "SimpleQueue"

        def get(self, block=True, timeout=None):
            return super().get(block, timeout)

    cover(SimpleQueue, "get", "worker", lambda self, *_: "a queue", limit=1)
    note_takers(SimpleQueue, "get", numbered, SimpleQueue.qsize)
    sys.modules[SimpleQueue.__module__].SimpleQueue = queue.SimpleQueue = SimpleQueue


def in_pool(pool):
    """Note for each piece of work of a pool of threads when it was given, begun and done."""
    item = pool._WorkItem
    init, run, given = item.__init__, item.run, {}

    def init_noted(self, *args, **kwargs):
        init(self, *args, **kwargs)
        given[id(self)] = clock()

    def run_noted(self, *args):
        begin = clock()
        try:
            return run(self, *args)
        finally:
            number = notes.thread()
            now = notes.name_of(threading.current_thread())
            called = notes.State.first_names.get(number, now)
            called, begun = called.rpartition("_")[0], given.pop(id(self), begin)
            notes.State.notes.append(["item", called, begun, begin, clock(), number])

    item.__init__, item.run = init_noted, run_noted


def in_process_pool(pool):
    """Note for each piece of work of a pool of processes when it was given and when it came back;
    when it was begun follows from that.
    """
    item, manager = pool._WorkItem, pool._ExecutorManagerThread
    init, take = item.__init__, manager.process_result_item

    def init_noted(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.pvt_given = clock()

    def take_noted(self, result_item):
        done = self.pending_work_items.get(getattr(result_item, "work_id", None))
        if done is not None:
            job(self, len(self.processes), list(self.processes), done.pvt_given)
        return take(self, result_item)

    item.__init__, manager.process_result_item = init_noted, take_noted


def in_multiprocessing_pool(pool):
    """The same for multiprocessing.Pool and its ThreadPool."""
    for kind in (pool.ApplyResult, pool.IMapIterator):
        begin_with(kind)
    for kind in (pool.ApplyResult, pool.MapResult, pool.IMapIterator, pool.IMapUnorderedIterator):
        note_results(kind)


def begin_with(kind):
    init = kind.__init__

    def init_noted(self, *args, **kwargs):
        self.pvt_given = clock()
        init(self, *args, **kwargs)

    kind.__init__ = init_noted


def note_results(kind):
    take = kind._set

    def take_noted(self, *args):
        if made := self._pool:
            workers = [getattr(one, "pid", None) or one.native_id for one in made._pool]
            job(made, made._processes, workers, self.pvt_given)
        return take(self, *args)

    kind._set = take_noted


def job(pool, size, workers, given):
    """Note a piece of work that came back, and the pool's workers where they have changed."""
    if notes.State.pools.get(id(pool)) != workers:
        notes.State.pools[id(pool)] = workers
        notes.State.notes.append(["pool", id(pool), size, workers])
    notes.State.notes.append(["job", id(pool), given, clock()])


def in_connection(connection):
    for name in ("recv", "recv_bytes", "recv_bytes_into"):
        cover(
            connection._ConnectionBase, name, "worker", lambda self, *_: "another process", limit=9
        )
    original = connection.wait

    def wait(object_list, timeout=None):
        me, opened = ident(), waits.open
        if me in opened:
            return original(object_list, timeout)
        begin = clock()
        limited = notes.LIMITED if timeout is not None else ""
        opened[me] = (begin, "worker", f"another process{limited}", None)
        try:
            return original(object_list, timeout)
        finally:
            opened.pop(me, None)
            notes.waited(begin, clock(), "worker", "another process")

    exchange(connection, "wait", wait)
    if hasattr(connection, "Connection"):
        send = connection.Connection._send

        def _send(self, *args, **kwargs):
            me, begin, outer, used = ident(), clock(), ident() in waits.open, time.thread_time()
            if not outer:
                waits.open[me] = (begin, "worker", "another process", None)
            try:
                return send(self, *args, **kwargs)
            finally:
                if not outer:
                    waits.open.pop(me, None)
                    notes.waited(begin, clock(), "worker", "another process")
                pickled("send", begin, used, len(args[0]))

        connection.Connection._send = _send


def in_reduction(reduction):
    """Note how long objects take to become bytes and to come back."""
    pickler = reduction.ForkingPickler
    dumps, loads = pickler.dumps.__func__, pickler.loads

    def dumps_noted(cls, *args, **kwargs):
        begin, used = clock(), time.thread_time()
        data = dumps(cls, *args, **kwargs)
        pickled("dumps", begin, used, len(data))
        return data

    def loads_noted(data, *args, **kwargs):
        begin, used = clock(), time.thread_time()
        found = loads(data, *args, **kwargs)
        pickled("loads", begin, used, len(data))
        return found

    pickler.dumps, pickler.loads = classmethod(dumps_noted), staticmethod(loads_noted)
    note_arguments(reduction)


def note_arguments(reduction):
    """Processes that are not forked get what they are to do through these two."""
    dump, pickle = reduction.dump, reduction.pickle
    load, own = pickle.load, type(sys)("pickle", pickle.__doc__)

    def dump_noted(obj, file, *args, **kwargs):
        begin, used, before = clock(), time.thread_time(), place_in(file)
        dump(obj, file, *args, **kwargs)
        pickled("dumps", begin, used, place_in(file) - before)

    def load_noted(file, **kwargs):
        begin, used = clock(), time.thread_time()
        found = load(file, **kwargs)
        pickled("loads", begin, used, 0)
        return found

    exchange(reduction, "dump", dump_noted)
    vars(own).update(vars(pickle), load=load_noted)  # the program's own loads are its own
    reduction.pickle = own


def place_in(file):
    """Where in a file is written; 0 where that is not known, as in a pipe."""
    try:
        return file.tell()
    except Exception:
        return 0


def pickled(what, begin, used, size):
    """Note what took a while, with the processor time that it took; short ones are added up."""
    me, seconds = notes.thread(), time.thread_time() - used
    if clock() - begin > notes.SHORT:
        notes.State.notes.append(["pickle", me, begin, seconds, what, size])
        return
    first, before, sizes, count = notes.State.pickles.get((me, what), (begin, 0.0, 0, 0))
    notes.State.pickles[me, what] = (first, before + seconds, sizes + size, count + 1)


def in_queues(queues):
    number_queues(queues)
    cover(queues.Queue, "get", "worker", lambda self, *_: "a queue between processes", limit=1)
    own = own_kind(queues.Queue, "qsize")
    note_takers(queues.Queue, "get", between_processes, left_between_processes, never=own)
    cover(
        queues.Queue, "put", "worker", lambda self, *_: "room in a queue between processes", limit=2
    )
    cover(queues.SimpleQueue, "get", "worker", lambda self, *_: "a queue between processes")


def number_queues(queues):
    """Queues that are forked keep the number with which they were made."""
    init = queues.Queue.__init__

    def init_noted(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.pvt_number = f"{notes.os.getpid()} {next(NUMBERS)}"

    exchange(queues.Queue, "__init__", init_noted)


def between_processes(queue):
    """What tells a queue from others in all its processes: a name if it is sent, its number if
    they are forked.
    """
    return queue._rlock._semlock.name or queue.pvt_number


def left_between_processes(queue):
    try:
        return queue.qsize()
    except NotImplementedError:  # macOS
        return 0


def in_task_queues(queues):
    left, own = queues.Queue.qsize, own_kind(queues.Queue, "qsize", queues.PriorityQueue)
    note_takers(queues.Queue, "get_nowait", numbered, left, pvt_tasks.current, own)
    note_givers(queues.Queue, "put_nowait", pvt_tasks.current)


def in_task_locks(locks):
    note_signals(locks.Semaphore)


def in_synchronize(synchronize):
    cover(synchronize.Condition, "wait", "worker", lambda self, *_: "a condition", sleeps=True)
    cover(synchronize.Event, "wait", "worker", lambda self, *_: "an event", sleeps=True)
    methods, made = synchronize.SemLock._make_methods, synchronize.SemLock

    def _make_methods(self):
        methods(self)
        take, what = self._semlock.acquire, "a lock between processes"
        kind = "worker" if a_signal(self._semlock) else "lock"
        once = self._semlock.maxvalue == 1

        def acquire(block=True, timeout=None):
            me, opened = ident(), waits.open
            limit = timeout is None or type(timeout) in (int, float)
            if me in opened or block is not True or not limit:
                taken = take(block, timeout)
                if kind == "lock" and (not taken or polls):
                    pvt_locks.polled(me, self._semlock, what, nobody, taken)
                return taken
            if take(False):
                return True
            begin = clock()
            # who has it and waits for it again is given a sign by who lets it go
            state = "worker" if once and self._semlock._is_mine() else kind
            limited = "" if timeout is None else notes.LIMITED
            opened[me] = (begin, kind, what + limited, None)  # if it never ends, it is a lock's
            try:
                return take(block, timeout)
            finally:
                opened.pop(me, None)
                notes.waited(begin, clock(), state, what)

        self.acquire = acquire

    made._make_methods = _make_methods
    made.__enter__ = lambda self: self.acquire()


def a_signal(semaphore):
    """Whether a semaphore between processes is made with 0, to give a sign by it."""
    try:
        return semaphore.maxvalue > 1 and semaphore._get_value() == 0
    except NotImplementedError:  # macOS
        return False


def in_popen(popen_fork):
    cover(popen_fork.Popen, "wait", "worker", lambda self, *_: "the end of a process")


def in_subprocess(subprocess):
    cover(subprocess.Popen, "wait", "worker", lambda self, *_: "the end of a process")
    cover(subprocess.Popen, "communicate", "worker", lambda self, *_: "a process", limit=1)


def in_selectors(selectors):
    """A loop that waits for the network, or for the next time that something is due."""
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector"):
        if kind := getattr(selectors, name, None):
            cover_select(kind)


def cover_select(kind):
    original = kind.select

    def select(self, timeout=None):
        me, opened = ident(), waits.open
        if me in opened or (timeout is not None and timeout <= 0):
            return original(self, timeout)
        begin, ready = clock(), True
        limited = notes.LIMITED if timeout is not None else ""
        opened[me] = (begin, "io", f"the network{limited}", None)
        try:
            ready = original(self, timeout)
            return ready
        finally:
            opened.pop(me, None)
            notes.waited(
                begin, clock(), "io" if ready else "asleep", "the network" if ready else ""
            )

    kind.select = select


def in_socket(socket):
    note_served(socket.socket)
    cover(socket.socket, "accept", "io", lambda self, *_: "the network")
    for name in ("recv", "recv_into", "recvfrom", "sendall", "connect"):
        cover(socket.socket, name, "io", lambda self, *_: "the network", at_once, limit=9)


def note_served(kind):
    """Note which thread serves at an address, and which asks there."""
    accept, connect = kind.accept, kind.connect

    def noted(what, address):
        try:
            notes.State.notes.append(["served", notes.thread(), what, str(address())])
        except OSError:  # the other end has gone already
            return

    def accept_noted(self):
        found = accept(self)
        noted("accept", found[0].getsockname)
        return found

    def connect_noted(self, address):
        connect(self, address)
        noted("connect", self.getpeername)

    exchange(kind, "accept", accept_noted)
    exchange(kind, "connect", connect_noted)


def at_once(socket):
    """Whether a socket does not wait."""
    return socket.gettimeout() == 0


def in_loop(events):
    pvt_tasks.put_in_place(events)


def in_base_loop(base_events):
    """Note when a task is made: it may have to wait for the end of the step that made it."""
    original = base_events.BaseEventLoop.create_task

    def create_task(self, *args, **kwargs):
        task = original(self, *args, **kwargs)
        pvt_tasks.made[id(task)] = clock()
        return task

    exchange(base_events.BaseEventLoop, "create_task", create_task)
