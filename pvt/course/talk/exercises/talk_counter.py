"""Share a counter between processes: `add(cells, lock, times)` adds 1 to `cells[0]`, `times` times.

`cells` is a block of shared memory, seen as whole numbers; two processes have mapped the same
block. `lock` is a `multiprocessing.Lock`, the same one for both. No addition may be lost.
"""

import multiprocessing
import time
from multiprocessing.shared_memory import SharedMemory

from pvt.tools.learner import learners_function

ARGUMENTS = ("cells", "lock", "times")
TIMES, FEW = 30_000, 3  # additions
ROUNDS, PATIENCE = 4, 2.5  # rounds at most; seconds at most


def run(*, source, name):
    yield {
        "round": 0,
        "counted": alone(learners_function(source, name)),
        "failed": 0,
        "uses_lock": uses_lock(source),
    }
    until = time.monotonic() + PATIENCE
    for number in range(ROUNDS):
        counted, failed = one_round(source, name)
        yield {
            "round": number + 1,
            "counted": counted,
            "failed": failed,
            "uses_lock": uses_lock(source),
        }
        if counted != 2 * TIMES or time.monotonic() > until:
            return


def alone(add):
    """What is counted when nobody disturbs; an error or a lock that is never given back shows
    here, with its line."""
    cells = memoryview(bytearray(8)).cast("q")
    cells[0] = 500
    add(cells, multiprocessing.Lock(), FEW)
    return cells[0] - 500


def one_round(source, name):
    """Two processes on a fresh block; what it holds at the end, and how many of them failed."""
    block = SharedMemory(create=True, size=8)
    lock, barrier = multiprocessing.Lock(), multiprocessing.Barrier(2, timeout=5)
    crowd = [
        multiprocessing.Process(target=work, args=(block, lock, barrier, source, name))
        for _ in range(2)
    ]
    for worker in crowd:
        worker.start()
    for worker in crowd:
        worker.join()
    with block.buf.cast("q") as cells:
        counted = cells[0]
    block.close(), block.unlink()
    return counted, sum(worker.exitcode != 0 for worker in crowd)


def work(block, lock, barrier, source, name):
    """One process."""
    add = learners_function(source, name)
    with block.buf.cast("q") as cells:
        barrier.wait()
        add(cells, lock, TIMES)


def uses_lock(source):
    """Whether the function takes the lock that it is given, under whatever name."""
    import ast

    function = next(
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    )
    given = function.args.posonlyargs + function.args.args
    names = [node.id for node in ast.walk(function) if isinstance(node, ast.Name)]
    return len(given) > 1 and given[1].arg in names


def judge(rows):
    first, last = rows[0], rows[-1]
    if not first["counted"]:
        return (
            False,
            "the counter is what it was. Write to cells[0]: a name of your own is not shared.",
        )
    if first["counted"] != FEW:
        text = f"one process alone, with times = {FEW}, changed cells[0] by {first['counted']:,}."
        return False, f"{text} Add 1 to what is there, times times."
    lost = 2 * TIMES - last["counted"]
    if last["failed"]:
        return (
            False,
            f"{last['failed']} of 2 processes ended with an error; try add([0], threading.Lock(),"
            " 3) in a cell.",
        )
    if lost < 0:
        return False, f"{-lost:,} additions too many: add 1, times times."
    if lost and not last["uses_lock"]:
        return (
            False,
            f"{lost:,} of {2 * TIMES:,} additions are lost. Take the lock that both processes"
            " have.",
        )
    if lost:
        return (
            False,
            f"{lost:,} of {2 * TIMES:,} additions are lost. Hold the lock from the reading to the"
            " writing.",
        )
    if not last["uses_lock"]:
        return (
            False,
            "nothing was lost this time, by luck: nothing guards the counter. Take the lock that"
            " both have.",
        )
    return True, f"{len(rows) - 1} rounds of {2 * TIMES:,} additions by two processes, none lost."
