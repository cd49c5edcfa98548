"""Asked under any Python, with nothing installed: a question as JSON in, the answer as JSON out."""

import asyncio
import json
import selectors
import sys

import aio_oracle
import aio_orders

MICROSECOND, MILLISECOND = 1e-6, 1e-3


def orders(sources, deviations=None, any_order=True):
    """For each program: its endings, sorted."""
    return [sorted(aio_orders.every(source, deviations, any_order=any_order)) for source in sources]


def schedules(source, deviations):
    """Every schedule with its ending and the turns that it took."""
    return list(aio_orders.schedules(source, deviations))


def differing(seed, count):
    """The programs whose endings are not those of the oracle; and how many have several endings."""
    wrong, several = [], 0
    for tasks in aio_oracle.programs(seed, count):
        wanted = aio_oracle.endings(tasks)
        found = {short(ending) for ending in aio_orders.every(aio_oracle.source(tasks))}
        several += len(found) > 1
        if found != wanted:
            wrong.append([aio_oracle.source(tasks), sorted(found), sorted(wanted or [])])
    return [wrong, several]


def searched(sources, **given):
    """For each program the rows of a search, each with how its schedule replays."""
    from pvt.stepper import replaying, searching

    for source in sources:
        rows = [row for row in searching.run(source=source, **given) if row["kind"] != "progress"]
        for row in rows:
            if row["schedule"]:
                last = list(replaying.run(source=source, schedule=row["schedule"]))[-1]
                row["replayed"] = last["ending"], "\n".join([*json.loads(last["output"]), ""])
        yield rows


def searched_against_oracle(seed, count):
    """The programs where the search differs from the oracle; and how many have several endings."""
    from pvt.stepper import player, program, search

    wrong, several = [], 0
    for tasks in aio_oracle.programs(seed, count):
        source = "import asyncio\n" + aio_oracle.source(tasks)
        made, found = program.Program(source), set()
        for run in search.runs(made, 99, "language", player.Player(made)):
            if run is search.AGAIN:
                found.clear()
            else:
                found.add(run.output.strip() if run.ending == "safe" else run.ending)
        several += len(found) > 1
        if found != aio_oracle.endings(tasks):
            wrong.append([source, sorted(found)])
    return [wrong, several]


def missing():
    """Public names of asyncio that the stand-in lacks, and those that it has besides."""
    from pvt.stepper import aio

    made, real = vars(aio.module(aio_orders.Seat())), set(dir(asyncio))
    return [sorted(real - set(made)), sorted(name for name in made if name not in real)]


def short(ending):
    """An ending in the oracle's words."""
    kind = ending.partition(":")[0]
    return {"AssertionError": "broken", "Deadlock": "deadlock"}.get(kind, ending.strip())


def first_orders(seed, count):
    """For each program what it prints under asyncio's own loop, and by first options only."""
    for tasks in aio_oracle.programs(seed, count):
        source = aio_oracle.source(tasks).replace("        r = 0", "        r = 0; items.append(0)")
        yield source, by_asyncio(source), short(aio_orders.run(source)[1])


def by_asyncio(source):
    """What a program prints under asyncio's own loop, its clock moved by hand."""
    printed = []
    names = {
        "__name__": "__main__",
        "asyncio": asyncio,
        "print": lambda *values: printed.append(" ".join(map(str, values))),
    }
    runner = asyncio.Runner(loop_factory=ByHand)
    code = source.replace("asyncio.run(main())", "")
    try:
        exec(compile(code, "<program>", "exec"), names)
        runner.run(names["main"]())
        return "".join(printed)
    except AssertionError:
        return "broken"
    except Forever:
        return "deadlock"
    finally:
        for task in asyncio.all_tasks(runner.get_loop()):
            task._log_destroy_pending = False
            task.get_coro().close()
        runner.get_loop().close()


class Forever(BaseException):
    """Nothing will ever be ready."""


class ByHand(asyncio.SelectorEventLoop):
    """asyncio's own loop: its clock moves by what it would wait, and a little with each look."""

    def __init__(self):
        self.now = 0.0
        super().__init__(NoWaiting(self))

    def time(self):
        self.now += MICROSECOND
        return self.now


class NoWaiting(selectors.DefaultSelector):
    """Passes the time that it would wait, in whole milliseconds as the kernel does."""

    def __init__(self, loop):
        super().__init__()
        self.loop = loop

    def select(self, timeout=None):
        if timeout is None:
            raise Forever
        if timeout:
            self.loop.now += MILLISECOND * (timeout // MILLISECOND + 1)
        return super().select(0)


if __name__ == "__main__":
    question, given = sys.argv[1], json.load(sys.stdin)
    json.dump(list(globals()[question](**given)), sys.stdout)
