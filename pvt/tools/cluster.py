"""A cluster of dask.distributed: started here, a process for each machine, or joined by its
address.

Each machine is a process of its own that shares nothing with the others and is reached over TCP
alone. That is all that dask.distributed knows of a machine, so nothing changes for it where they
really stand apart. Processes are forked where that is safe: importing the library takes a second,
and so it is imported once.

PVT_CLUSTER=tcp://… in the environment makes the experiment "sending" use that cluster. The others
compare, kill somebody or slow the wire: they always start their own.
"""

import asyncio
import os
import re
import socket
import sys
import time
from contextlib import contextmanager, suppress

from pvt import host
from pvt.problem import Missing

HERE, PATIENCE, BRIEFLY = "127.0.0.1", 20.0, 5.0
"""Where our own machines listen; seconds we wait for them, and for those of a cluster that is
already there."""
AGE = "__import__('sys').version.split()[0]"
HAS_PVT = "__import__('importlib.util').util.find_spec('pvt') is not None"


def address():
    """The scheduler that experiments shall use, or None: they start their own."""
    return os.environ.get("PVT_CLUSTER") or None


def quiet(**settings):
    """Import the library without its log, and with settings such as
    `scheduler__allowed_failures`."""
    import logging
    import warnings

    import dask
    import distributed

    logging.disable(logging.CRITICAL)
    for part in ("distributed", "tornado", "asyncio"):
        logging.getLogger(part).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="distributed")
    warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
    dask.config.set(
        {
            f"distributed.{key.replace('__', '.').replace('_', '-')}": settings[key]
            for key in settings
        }
    )
    return distributed


def schedule(pipe, settings):
    """The scheduler's process: it says where it listens, and serves until it is ended."""
    distributed = quiet(**settings)

    async def serve():
        async with distributed.Scheduler(host=HERE, port=0, dashboard=False) as scheduler:
            pipe.send(scheduler.address)
            pipe.close()
            await scheduler.finished()

    asyncio.run(serve())


def machine(scheduler, name, settings):
    """A machine's process: one worker with one thread."""
    distributed = quiet(**settings)

    async def work():
        alone = {"nthreads": 1, "memory_limit": 0, "dashboard": False, "death_timeout": PATIENCE}
        async with distributed.Worker(scheduler, name=name, host=HERE, **alone) as worker:
            await worker.finished()

    asyncio.run(work())


class Cluster:
    """A client, the names of the machines, and, where they are ours, their processes."""

    def __init__(self, client, processes, scheduler=None):
        self.client, self.processes, self.scheduler = client, processes, scheduler
        self.address = client.scheduler.address
        known = workers(client)
        self.places = dict(sorted((str(one["name"]), place) for place, one in known.items()))
        self.names = list(self.places)

    def on(self, name):
        """Where to hand a task over, for `client.submit`: to this machine and no other."""
        return {"workers": [self.places[name]], "allow_other_workers": False, "pure": False}


class Launched:
    """The processes of a cluster of our own, and the scheduler's address; nobody has asked it
    for anything yet."""

    def __init__(self, place, scheduler, machines):
        self.place, self.scheduler, self.machines = place, scheduler, machines

    @contextmanager
    def client(self):
        """The `Cluster` with its client, when all machines are there."""
        client = connected(self.place, len(self.machines))
        try:
            yield Cluster(client, self.machines, self.scheduler)
        finally:
            closed(client)


@contextmanager
def launched(machines, **settings):
    """The processes of the machines and a scheduler; all end with the `with`, however it ends.

    Whoever needs more than one launches them all before the first client: it has threads, and then
    a fork is unsafe.
    """
    import multiprocessing

    quiet(**settings)
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    crowd = [context.Process(target=schedule, args=(theirs, settings), daemon=True)]
    try:
        crowd[0].start()
        theirs.close()
        place = ours.recv() if ours.poll(PATIENCE) else None
        names = [f"machine {number}" for number in range(1, machines + 1)]
        for name in names:
            mine = {"target": machine, "args": (place, name, settings)}
            crowd.append(context.Process(**mine, daemon=True))
            crowd[-1].start()
        yield Launched(place, crowd[0], dict(zip(names, crowd[1:], strict=True)))
    finally:
        ours.close()
        for process in crowd[1:] + crowd[:1]:
            if process.pid:
                process.kill()
                process.join()


@contextmanager
def started(machines, **settings):
    """A cluster of machines of our own, and its client."""
    with launched(machines, **settings) as processes, processes.client() as cluster:
        yield cluster


def closed(client):
    """Let go of a client, also of one whose scheduler is gone."""
    with suppress(Exception):  # whatever it says about its scheduler is no news
        client.close(timeout=1)


@contextmanager
def joined(place, least=1):
    """A cluster that is already there. Raises Missing where nobody listens, or nobody works."""
    if missing := host.lacking(("dask.distributed",)):
        raise Missing(missing)
    quiet()
    client = connected(place, least)
    try:
        check(client)
        yield Cluster(client, {})
    finally:
        closed(client)


@contextmanager
def used(machines, **settings):
    """The cluster that was asked for, or one of our own with these machines."""
    with joined(address()) if address() else started(machines, **settings) as cluster:
        yield cluster


def connected(place, least):
    """A client of the scheduler at this address, when these machines are there. Raises Missing."""
    import distributed

    listening(place)
    try:
        client = distributed.Client(place, timeout=PATIENCE)
    except Exception as problem:  # what answers may be anything: some servers make it a MemoryError
        trouble = f"a scheduler of dask.distributed at {place}; what answers there is none"
        raise Missing(f"{trouble} ({type(problem).__name__})") from None
    try:
        client.wait_for_workers(least, timeout=PATIENCE if least > 1 else BRIEFLY)
    except TimeoutError:
        closed(client)
        raise Missing(f"workers at the scheduler {place}, which has none") from None
    return client


def listening(place):
    """Raises Missing where this is no address, or nobody listens there."""
    found = re.fullmatch(r"(?:tcp|tls)://\[?([^\]/]+)\]?:(\d+)", str(place))
    if not found:
        raise Missing(f"an address such as tcp://127.0.0.1:8786; {place!r} is none")
    try:
        socket.create_connection((found[1], int(found[2])), timeout=3).close()
    except (OSError, OverflowError):
        raise Missing(f"a scheduler that listens at {place}; nobody does") from None


def check(client):
    """Raises Missing if a machine has another Python than this one, or no pvt: functions could
    not be sent there."""
    mine = "{}.{}".format(*sys.version_info)
    for place, version in client.run(eval, AGE, on_error="ignore").items():
        if version.rpartition(".")[0] != mine:
            raise Missing(f"Python {mine} on every machine; {place} has {version}")
    for place, there in client.run(eval, HAS_PVT, on_error="ignore").items():
        if not there:
            raise Missing(f"pvt on every machine; {place} has none")


def workers(client):
    """Address -> what the scheduler knows of a worker there, asked now: what `scheduler_info()`
    gives may have lost its workers again, for the client asks on its own, without them, now and
    then. Raises OSError where the scheduler does not answer."""
    return client.sync(client.scheduler.identity, n_workers=-1)["workers"]


def result(future, seconds=PATIENCE):
    """What a task has given. Asked again now and then: a question to a machine that is killed at
    that moment may never be answered. Raises TimeoutError."""
    late = time.perf_counter() + seconds
    while True:
        try:
            return future.result(min(1.0, seconds))
        except TimeoutError:
            if time.perf_counter() > late:
                raise


def until(true, seconds=PATIENCE):
    """Wait until this is true; whether it became so in time."""
    late = time.perf_counter() + seconds
    while not true():
        if time.perf_counter() > late:
            return False
        time.sleep(0.005)
    return True
