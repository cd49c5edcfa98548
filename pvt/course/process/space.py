"""The real address space of two processes with several threads: the textbook's column, and what it
leaves out.

A local variable of Python is an object on the heap, so it cannot show where a stack is. One of C
can: `nftw` calls back with the address of a local of its own, which lies on the stack of the thread
that called it.
"""

import ctypes
import mmap
import os
import queue
import threading
from contextlib import contextmanager
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.course.process.regions import KEYS, PARTS, holds, regions

QUESTION = "The same address in two processes: the same contents?"
OUTCOMES = (
    "Both have the same number",
    "Each has a number of its own",
    "In the second, the address leads nowhere",
)
SECONDS = 0.3
NOWHERE = dict.fromkeys(KEYS)
COLOURS = dict.fromkeys(("code", "data", "heap"), "process") | {"stack": "thread"}
LIBC = None if os.name == "nt" else ctypes.CDLL(None)
CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)


def run(*, threads: Annotated[int, range(1, 5)] = 2, start: Literal["fork", "spawn"] = "fork"):
    """`threads` beside the main one, in each process. Where there is no fork, the second process
    is spawned."""
    import multiprocessing

    start = start if hasattr(os, "fork") else "spawn"
    context = multiprocessing.get_context(start)
    number = ctypes.c_long(1111)
    here, there = context.Pipe()
    asked = (there, ctypes.addressof(number), start == "fork", threads)
    second = context.Process(target=neighbour, args=asked, daemon=True)
    second.start()  # before the threads: a fork should have none
    there.close()
    with crowd(threads) as locals_of:
        mine = listed("first", os.getpid(), locals_of)
        yield from mine
        their_number, their_locals = here.recv()
        yield from variables(mine, {"number": (ctypes.addressof(number), number.value)} | locals_of)
        theirs = listed("second", second.pid, their_locals)
        yield from theirs
        yield from variables(theirs, {"number": their_number} | their_locals)
    second.terminate()
    second.join()


def neighbour(there, address, inherited, threads):
    """The second process: puts a number of its own at the same address, and stays to be looked
    at."""
    if reached := inherited or ask_for_memory_at(address):
        number = ctypes.c_long.from_address(address)
        number.value = 2222
    with crowd(threads) as locals_of:
        there.send(((address, number.value) if reached else (None, None), locals_of))
        there.recv()


def a_local_of_c(visit):
    """Call a C function; `visit` gets a pointer to one of its local variables, on this thread's
    stack."""
    back = CALLBACK(lambda path, status, kind, local: visit(local) or 0)
    LIBC.nftw(os.devnull.encode(), back, 1, 0)


STUDY = (neighbour, a_local_of_c)


def lowest_of_stack():
    """The lowest address of this thread's stack, as the C library knows it; None where it does not
    say."""
    if not hasattr(LIBC, "pthread_getattr_np"):
        return None
    kept, begin, size = ctypes.create_string_buffer(128), ctypes.c_void_p(), ctypes.c_size_t()
    LIBC.pthread_self.restype = ctypes.c_void_p
    if LIBC.pthread_getattr_np(ctypes.c_void_p(LIBC.pthread_self()), kept):
        return None
    LIBC.pthread_attr_getstack(kept, ctypes.byref(begin), ctypes.byref(size))
    LIBC.pthread_attr_destroy(kept)
    return begin.value


def ask_for_memory_at(address):
    """Map a page that holds this address; False where something else is there already, or on
    Windows."""
    if LIBC is None:
        return False
    LIBC.mmap.restype = ctypes.c_void_p
    LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3]
    page, private = address - address % mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    rights = mmap.PROT_READ | mmap.PROT_WRITE
    return LIBC.mmap(page, mmap.PAGESIZE, rights, private, -1, ctypes.c_long(0)) == page


@contextmanager
def crowd(threads):
    """Threads that each stay in a C function; gives name -> (address, value) of a local as the
    main thread reads it, and the lowest address of its stack."""
    leave, found, locals_of = threading.Event(), queue.SimpleQueue(), {}

    def stay(number):
        def visit(local):
            local[0] = 100 * number
            at = ctypes.addressof(local.contents)
            found.put((f"thread {number}", at, lowest_of_stack()))
            leave.wait()

        a_local_of_c(visit)

    if LIBC:
        for at in range(threads):
            threading.Thread(target=stay, args=(at + 1,)).start()
        a_local_of_c(
            lambda local: locals_of.update(
                {"main thread": (ctypes.addressof(local.contents), None, lowest_of_stack())}
            )
        )
    try:
        while LIBC and len(locals_of) <= threads:
            name, at, lowest = found.get(timeout=10)
            locals_of[name] = at, ctypes.c_int.from_address(at).value, lowest
        yield locals_of
    finally:
        leave.set()


def listed(process, pid, locals_of):
    """A row per region of memory; where the system lists none, one row that says so."""
    about = {"process": process, "pid": pid, "what": "region", "address": None, "value": None}
    found = regions(pid, {name: (at, lowest) for name, (at, _, lowest) in locals_of.items()})
    return [about | region for region in found or [NOWHERE]]


def variables(rows, known):
    """A row per variable: its address, its value, and the region that holds it."""
    for name, (at, value, *_) in known.items():
        region = next(
            (row for row in rows if row["begin"] and at and holds(row, at)), rows[0] | NOWHERE
        )
        yield region | {"what": "variable", "name": name, "address": at and hex(at), "value": value}


def sizes(rows, process="first"):
    """Bytes of each part, in the order of the picture; each stack for itself."""
    mine = [
        row for row in rows if row["process"] == process and row["what"] == "region" and row["part"]
    ]
    found = {}
    for row in sorted(
        mine, key=lambda row: (PARTS.index(row["part"]), row["name"] == "main thread", row["name"])
    ):
        name = f"stack of {row['name']}" if row["part"] == "stack" else row["part"]
        found[name] = found.get(name, 0) + row["bytes"]
    return found


def variable(rows, process, name="number"):
    """The row of a variable, or None as long as there is none."""
    wanted = (process, "variable", name)
    return next((row for row in rows if (row["process"], row["what"], row["name"]) == wanted), None)


def outcome(rows):
    others = address_space(rows)[0] if variable(rows, "second") else "not yet"
    return {False: OUTCOMES[0], True: OUTCOMES[1], None: OUTCOMES[2]}.get(others)


def sentence(rows):
    known = sizes(rows)
    largest = max(known, key=known.get, default=None)
    text = (
        f"Process {rows[0]['pid']}: the largest of {len(known)} parts is {largest},"
        f" {shown(known[largest])}."
        if known
        else "This system does not list the regions."
    )
    return f"{text} {address_space(rows)[1].capitalize()}" if variable(rows, "second") else text


def shown(size):
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size / 2**10:,.0f} KiB"


def draw(ax, rows):
    """A column a process, low addresses below, as in the textbook."""
    pids = {row["process"]: row["pid"] for row in rows}
    for at, process in enumerate(pids):
        parts, number = sizes(rows, process) or {"memory": 0}, variable(rows, process)
        for level, (name, size) in enumerate(parts.items()):
            ax.barh(
                level, 0.97, 0.9, left=at, color=COLOURS.get(name.split()[0], "other"), alpha=0.3
            )
            here = number and (number["part"] or "memory") == name
            held = f"  –  {number['value']} at {number['address']}" if here else ""
            ax.annotate(
                f"{name}  {shown(size)}{held}",
                (at + 0.02, level),
                va="center",
                fontsize=8,
                color="ink",
            )
    ax.set(
        xticks=[at + 0.48 for at in range(len(pids))],
        yticks=[],
        xlim=(0, 2),
        ylabel="low → high addresses",
    )
    ax.set_xticklabels([f"{process} process, {pid}" for process, pid in pids.items()])


def address_space(rows):
    first, second = variable(rows, "first"), variable(rows, "second")
    if not second or second["value"] is None:
        return None, "no memory at the same address was to be had in the second process."
    return first["value"] != second["value"], (
        f"at address {first['address']} process {first['pid']} has {first['value']},"
        f" process {second['pid']} has {second['value']}."
    )


def four_segments(rows):
    found, every = sizes(rows), sum(sizes(rows).values())
    four = [name for name in found if name in ("code", "data", "heap", "stack of main thread")]
    rest = ", ".join(f"{name} {shown(found[name])}" for name in found if name not in four)
    return len(four) == 4, (
        f"found: {', '.join(f'{name} {shown(found[name])}' for name in four)}. The picture leaves"
        " out"
        f" {1 - sum(found[name] for name in four) / every:.0%} of the {shown(every)} of addresses"
        f" in use: {rest}."
    )


def own_stack(rows):
    mine = [
        row
        for row in rows
        if row["process"] == "first" and row["what"] == "variable" and "thread" in row["name"]
    ]
    if any(row["begin"] is None for row in mine):
        return None, "where a thread's local variable lies is not listed."
    own = {row["begin"] for row in mine if row["part"] == "stack"}
    read = sum(row["value"] == 100 * int(row["name"].split()[1]) for row in mine if row["value"])
    return len(own) == len(mine) > 1, (
        f"the local variables of {len(mine)} threads lie on {len(own)} stacks. Own does not mean"
        " locked:"
        f" the main thread has read those of {read} others."
    )


FOUR = "Code, data, heap and stack are all found in the memory of a process."
CLAIMS = [
    Claim(
        "process.address-space", "Each process has an address space of its own.", {}, address_space
    ),
    Claim("process.four-segments", FOUR, {}, four_segments, needs=("/proc",)),
    Claim(
        "thread.own-stack", "Each thread has a stack of its own.", {}, own_stack, needs=("/proc",)
    ),
]
