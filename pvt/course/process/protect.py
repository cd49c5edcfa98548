"""Who can read a secret in another process's memory: its bare address never leads there, the kernel
decides who may.

Each attempt is made by a process of its own, with the real calls: `process_vm_readv`,
`/proc/PID/mem`, `ptrace`.
"""

import contextlib
import ctypes
import errno
import mmap
import os
import sys
from collections import Counter, namedtuple

from pvt.claims import Claim
from pvt.tools.forked import NOBODY, become, in_a_child, may_become

QUESTION = "Who can read the secret of another process?"
OUTCOMES = ("Nobody", "Root or its parent, but no stranger", "Any process of the same user")
NEEDS, SECONDS = ("fork",), 0.3
SIZE = 8  # bytes of the secret
ROOM = 64 << 20  # it lies in the middle of this many bytes, far from all else
Victim = namedtuple("Victim", "pid address secret")
PTRACE_PEEKDATA, PTRACE_ATTACH, PTRACE_DETACH, PR_SET_DUMPABLE, WAIT_ALL = 2, 16, 17, 4, 0x40000000


def by_address(victim):
    """Follow the address. It is looked up in the memory of the process that follows it."""
    return ctypes.string_at(victim.address, SIZE)


def by_vm_readv(victim):
    """Ask the kernel to copy from the other process."""
    found = ctypes.create_string_buffer(SIZE)
    here, there = (
        (ctypes.c_size_t * 2)(at, SIZE) for at in (ctypes.addressof(found), victim.address)
    )
    call("process_vm_readv", victim.pid, here, 1, there, 1, 0)
    return found.raw


def by_proc_mem(victim):
    """Open the other process's memory as a file."""
    with open(f"/proc/{victim.pid}/mem", "rb", buffering=0) as memory:
        memory.seek(victim.address)
        return memory.read(SIZE)


def by_ptrace(victim):
    """Stop it, look, and let it go on, as a debugger does."""
    call("ptrace", PTRACE_ATTACH, victim.pid, None, None)
    os.waitpid(victim.pid, WAIT_ALL)
    found = call("ptrace", PTRACE_PEEKDATA, victim.pid, ctypes.c_void_p(victim.address), None)
    call("ptrace", PTRACE_DETACH, victim.pid, None, None)
    return ctypes.c_int64(found).value.to_bytes(SIZE, sys.byteorder, signed=True)


STUDY = (by_address, by_vm_readv, by_proc_mem, by_ptrace)
WAYS = {
    "its address": by_address,
    "process_vm_readv": by_vm_readv,
    "/proc/PID/mem": by_proc_mem,
    "ptrace": by_ptrace,
}


def call(name, *arguments):
    """Call a function of the C library. Raises OSError with what the kernel says."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    function.restype = ctypes.c_long
    ctypes.set_errno(0)
    found = function(*arguments)
    if found == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found


def run(*, shut: bool = False):
    """Each way, from each position; `shut`: every victim shuts its door. All but "root" are
    ordinary users."""
    scope = ptrace_scope()
    for who, (reader, owner) in positions().items():
        for way in WAYS if sys.platform == "linux" else ("its address",):
            with (
                victim(owner, shut or "shut" in who)
                if who != "its parent"
                else contextlib.nullcontext() as prey
            ):
                result, death = in_a_child(tried, way, prey, shut, user=reader)
            reads_it, answer = result or (False if death in ("SIGSEGV", "SIGBUS") else None, death)
            yield {
                "way": way,
                "who": who,
                "reads_it": reads_it,
                "answer": answer,
                "ptrace_scope": scope,
            }


def positions():
    """Who tries: name -> the user of the reader and of the victim (None: as we are)."""
    if not may_become(NOBODY):
        return dict.fromkeys(("its parent", "same user", "same user, door shut"), (None, None))
    ordinary = {
        "its parent": (NOBODY, None),
        **dict.fromkeys(("same user", "same user, door shut"), (NOBODY, NOBODY)),
    }
    return {"root": (None, NOBODY), **ordinary, "another user": (NOBODY - 1, NOBODY)}


def ptrace_scope():
    """Yama's rule, where the kernel has it. 0: any process of the same user may; 1: parents; 2:
    root; 3: nobody."""
    with (
        contextlib.suppress(OSError, ValueError),
        open("/proc/sys/kernel/yama/ptrace_scope") as file,
    ):
        return int(file.read())


@contextlib.contextmanager
def victim(owner, shut):
    """A process that hides a secret and waits; gone at the end, or when the process that started
    it dies."""
    ear, mouth = os.pipe()
    life, line = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(line)
            become(owner)
            hide(mouth, shut, life)
        finally:
            os._exit(0)
    os.close(mouth), os.close(life)
    with open(ear) as pipe:
        address, secret = pipe.readline().split()
    yield Victim(pid, int(address), secret)
    os.close(line)
    os.waitpid(pid, 0)


def hide(mouth, shut, life):
    """Open or shut the door for others of the same user, put a secret in memory, say where, and
    wait for the end."""
    if sys.platform == "linux":
        call("prctl", PR_SET_DUMPABLE, 0 if shut else 1, 0, 0, 0)
    room, secret = mmap.mmap(-1, ROOM), os.urandom(SIZE)
    room[ROOM // 2 : ROOM // 2 + SIZE] = secret
    address = ctypes.addressof(ctypes.c_char.from_buffer(room)) + ROOM // 2
    os.write(mouth, f"{address} {secret.hex()}\n".encode())
    os.read(life, 1)


def tried(way, prey, shut=False):
    """Whether this way reads the secret (None: cannot be tried here), and the answer. Without
    prey: an own child's."""
    if prey is None:
        with victim(None, shut) as child:
            return tried(way, child)
    try:
        found = WAYS[way](prey)
    except AttributeError:
        return None, "not here"
    except OSError as problem:
        return (False if isinstance(problem, PermissionError) else None), errno.errorcode.get(
            problem.errno, "error"
        )
    return (True, "reads it") if found.hex() == prey.secret else (False, "other contents")


def readers(rows):
    """Who got the secret, and how: position -> ways."""
    got = [row for row in rows if row["reads_it"]]
    return {
        one["who"]: ", ".join(row["way"] for row in got if row["who"] == one["who"]) for one in got
    }


def outcome(rows):
    got = readers(rows)
    return OUTCOMES[2] if "same user" in got else OUTCOMES[1] if got else OUTCOMES[0]


def sentence(rows):
    return f"The secret was read by: {spoken(readers(rows)) or 'nobody'}. {scope_said(rows)}"


def spoken(got):
    return "; ".join(f"{who} ({ways})" for who, ways in got.items())


def scope_said(rows):
    scope = rows[0]["ptrace_scope"]
    return (
        "This kernel has no ptrace_scope."
        if scope is None
        else f"This kernel's ptrace_scope is {scope}."
    )


def draw(ax, rows):
    """A grid: ways by positions; hatched where the secret was read."""
    names, ways = (list(dict.fromkeys(row[key] for row in rows)) for key in ("who", "way"))
    for row in rows:
        at, level = names.index(row["who"]), -ways.index(row["way"])
        look = {
            True: {"color": "none", "edgecolor": "trouble", "hatch": "//"},
            False: {"color": "other", "alpha": 0.3},
        }
        ax.barh(
            level,
            0.94,
            0.88,
            left=at,
            **look.get(row["reads_it"], {"color": "none", "edgecolor": "other"}),
        )
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if row["reads_it"] else None
        ax.annotate(
            row["answer"],
            (at + 0.47, level),
            ha="center",
            va="center",
            fontsize=9,
            color="ink",
            bbox=box,
        )
    ax.grid(visible=False)
    ax.set(xticks=[at + 0.47 for at in range(len(names))], yticks=[-at for at in range(len(ways))])
    ax.set(
        xticklabels=[name.replace(", ", ",\n") for name in names],
        yticklabels=ways,
        xlim=(0, 5),
        ylabel="way",
    )


def protected(rows):
    got = readers(rows)
    asked = [row for row in rows if row["way"] != "its address" and row["reads_it"] is not None]
    if not asked:
        return (
            None,
            "this system has none of the three ways that Linux has to ask the kernel for"
            " another's memory.",
        )
    refused = [who for who in dict.fromkeys(row["who"] for row in asked) if who not in got]
    text = f"the kernel refuses {' and '.join(refused) or 'nobody'}"
    if not got:
        return True, f"{text}. {scope_said(rows)}"
    return (
        False,
        f"the kernel reads it for {spoken(got)}; {text}. {scope_said(rows)} It is permission, not"
        " physics.",
    )


def walled(rows):
    mine = [row for row in rows if row["way"] == "its address"]
    ends = ", ".join(
        f"{count} × {answer}" for answer, count in Counter(row["answer"] for row in mine).items()
    )
    text = f"the address of the secret, followed in {len(mine)} other processes: {ends}."
    return not any(row["reads_it"] for row in mine), text


CLAIMS = [
    Claim(
        "process.protected",
        "One process cannot touch another's memory.",
        {},
        protected,
        needs=("/proc",),
    ),
    Claim(
        "process.walled",
        "An address of one process does not lead into it from another.",
        {},
        walled,
    ),
]
