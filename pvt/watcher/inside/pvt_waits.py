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

import pvt_exchange
import pvt_notes as notes
import pvt_tasks

clock, ident, waits = time.monotonic, _thread.get_ident, notes.State
bare_sleep = time.sleep
MOST_TAKERS = 1000  # workers at once of a queue of which pieces of work are noted
NUMBERS = count()


def put_in_place():
    """Exchange what is there already, and the rest when it is imported."""
    time.sleep = sleep
    threading.Lock, threading.RLock = Lock, RLock
    cover(threading.Condition, "wait", "worker", lambda self, *_: "a condition", sleeps=True)
    note_signals(threading.Semaphore)
    cover(threading.Semaphore, "acquire", gated, lambda self, *_: "a semaphore", limit=1)
    threading.Semaphore.__enter__ = threading.Semaphore.acquire
    cover(threading.Event, "wait", "worker", lambda self, *_: "an event", sleeps=True)
    cover(threading.Barrier, "wait", "worker", lambda self, *_: "a barrier")
    cover(threading.Thread, "join", "worker", lambda self, *_: f"the end of {self.name}")
    name_threads()
    later = {
        "queue": in_queue,
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
        later.pop(name)(sys.modules[name])
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
        if spec and spec.loader:
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
        begin, label, kind, found = clock(), what(self, *args), of(self), None
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


def note_takers(owner, name, number, left, taker=notes.thread, never=()):
    """Note how long each worker is at what it took from a queue, and how much lies there meanwhile.

    Workers that take their work from one queue are a pool made by hand. `number` tells the queue
    from others, `left` says how much lies in it, `taker` who takes; `never` are kinds of queues
    that are left out.
    """
    original = getattr(owner, name)

    def take(self, *args, **kwargs):
        if never and isinstance(self, never):
            return original(self, *args, **kwargs)
        queue = waits.queues.get(id(self))
        if queue is None:
            queue = waits.queues[id(self)] = Taken(self, number(self), left)
        me, since = taker(), queue.since
        if me in since:
            notes.took((queue.number, me), *since.pop(me)[:2], clock())
        found = original(self, *args, **kwargs)
        if len(since) < MOST_TAKERS:
            since[me], queue.fresh = (clock(), left(self), id(found)), True
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


def numbered(queue):
    """A number that no other queue of this process has."""
    return next(NUMBERS)


def sleep(seconds, /):
    me, opened = ident(), waits.open
    if me in opened:
        return bare_sleep(seconds)
    begin = clock()
    opened[me] = (begin, "asleep", "", None)
    try:
        bare_sleep(seconds)
        notes.waited(
            begin, min(clock(), begin + seconds), "asleep", ""
        )  # later: it was ready, or wanted the GIL
    finally:
        opened.pop(me, None)


sleep.__doc__ = bare_sleep.__doc__


DIRECT = ("release", "release_lock", "__exit__", "locked", "locked_lock")


def lock_type(make, called, more):
    """A class of locks that keep who has them, and note who waits.

    Release and exit stay the bare lock's own, in C.
    """
    direct = tuple(name for name in (*DIRECT, *more) if hasattr(make(), name))
    plain = called == "lock"

    class Watched:
        __slots__ = ("__weakref__", "bare", "made", "owner", "sign", "take", *direct)

        def __init__(self):
            self.bare = bare = make()
            self.take, self.owner, self.made = bare.acquire, None, tuple(notes.where())
            self.sign = False
            for name in direct:
                setattr(self, name, getattr(bare, name))

        def acquire(self, blocking=True, timeout=-1):
            if not self.take(False) and not (blocking and timeout != 0 and wait(self, timeout)):
                return self.take(blocking, timeout) if not blocking and timeout != -1 else False
            self.owner = ident()
            return True

        def __enter__(self):
            if not self.take(False):
                wait(self, -1)
            self.owner = ident()
            return True

        def __reduce__(self):
            raise TypeError(f"cannot pickle {type(self.bare).__module__ + '.' + called!r} object")

        def __repr__(self):
            return repr(self.bare)

    def wait(lock, timeout):
        me, opened = ident(), waits.open
        if me in opened:
            return lock.take(True, timeout)
        begin, holder, label = clock(), lock.owner, lock.made
        shown = label if timeout == -1 else f"a lock{notes.LIMITED}"
        opened[me], got = (begin, "worker" if lock.sign else "lock", shown, lock), False
        try:
            got = lock.take(True, timeout)
            return got
        finally:
            opened.pop(me, None)
            # nobody took it since this thread did, and yet it was let go: by another, as a sign
            lock.sign = lock.sign or (got and plain and holder == me == lock.owner)
            notes.waited(begin, clock(), "worker" if lock.sign else "lock", label, holder)

    Watched.__name__ = Watched.__qualname__ = called
    Watched.__module__ = "_thread"
    if hasattr(make(), "acquire_lock"):
        Watched.acquire_lock = Watched.acquire
    return Watched


RECURSIVE = (
    "_is_owned",
    "_release_save",
    "_acquire_restore",
    "_recursion_count",
    "_at_fork_reinit",
)
Lock = lock_type(_thread.allocate_lock, "lock", ("_at_fork_reinit",))
RLock = lock_type(_thread.RLock, "RLock", RECURSIVE)


def name_threads():
    """Note when each thread begins and ends, its name, and its processor time."""
    original = threading.Thread._bootstrap_inner

    def _bootstrap_inner(self):
        number = notes.native_id()
        notes.State.natives[ident()] = number
        notes.State.first_names[number] = self.name
        notes.State.notes.append(["thread", number, clock(), self.name])
        if of_a_pool(self):
            notes.State.notes.append(["servant", number])
        try:
            original(self)
        finally:
            notes.State.notes.append(["end", number, clock(), time.thread_time(), self.name])

    threading.Thread._bootstrap_inner = _bootstrap_inner


def of_a_pool(thread):
    """Whether a thread is one with which a pool of processes, or a queue, sends and receives."""
    target = getattr(thread, "_target", None)
    return type(thread).__name__ == "_ExecutorManagerThread" or (
        getattr(target, "__module__", None) in ("multiprocessing.pool", "multiprocessing.queues")
        and getattr(target, "__name__", "").startswith("_")
    )


def in_queue(queue):
    cover(queue.Queue, "get", "worker", lambda self, *_: "a queue", limit=1)
    # what has its own order often has its own time, too
    ordered = (queue.PriorityQueue,)
    note_takers(queue.Queue, "get", numbered, lambda self: len(self.queue), never=ordered)
    note_givers(queue.Queue, "put")
    cover(queue.Queue, "put", "worker", lambda self, *_: "room in a queue", limit=2)
    cover(queue.Queue, "join", "worker", lambda self, *_: "a queue to be worked off")

    class SimpleQueue(queue.SimpleQueue):
        __slots__ = ()
        __module__ = "_queue"

        def get(self, block=True, timeout=None):
            return super().get(block, timeout)

    cover(SimpleQueue, "get", "worker", lambda self, *_: "a queue", limit=1)
    note_takers(SimpleQueue, "get", numbered, SimpleQueue.qsize)
    queue.SimpleQueue = SimpleQueue


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
            called = notes.State.first_names.get(number, threading.current_thread().name)
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

    connection.wait = wait
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


def pickled(what, begin, used, size):
    """Note what took a while, with the processor time that it took."""
    if clock() - begin > notes.SHORT:
        seconds = time.thread_time() - used
        notes.State.notes.append(["pickle", notes.thread(), begin, seconds, what, size])


def in_queues(queues):
    number_queues(queues)
    cover(queues.Queue, "get", "worker", lambda self, *_: "a queue between processes", limit=1)
    note_takers(queues.Queue, "get", between_processes, left_between_processes)
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
    left, ordered = queues.Queue.qsize, (queues.PriorityQueue,)
    note_takers(queues.Queue, "get_nowait", numbered, left, pvt_tasks.current, ordered)
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

        def acquire(*args, **kwargs):
            me, opened = ident(), waits.open
            if me in opened or take(False):
                return me not in opened or take(*args, **kwargs)
            begin = clock()
            # who has it and waits for it again is given a sign by who lets it go
            state = "worker" if once and self._semlock._is_mine() else kind
            limited = notes.LIMITED if len(args) > 1 or "timeout" in kwargs else ""
            opened[me] = (begin, kind, what + limited, None)  # if it never ends, it is a lock's
            try:
                return take(*args, **kwargs)
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
    cover(socket.socket, "accept", "io", lambda self, *_: "the network")
    for name in ("recv", "recv_into", "recvfrom", "sendall", "connect"):
        cover(socket.socket, name, "io", lambda self, *_: "the network", at_once, limit=9)


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
