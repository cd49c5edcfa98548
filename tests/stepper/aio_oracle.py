"""A second opinion on orders of tasks: random programs, every order tried, without asyncio.

A program is a list of tasks, a task a list of operations.  `source` writes it for asyncio.  Here
each task is a plain generator that yields wherever a coroutine would be suspended, on locks,
events and queues of a few lines each; `endings` tries every order in which ready tasks can go on
and sleepers wake, one after the other.
"""

import random

NAMES = ("x", "y")


KINDS = ["yield", "yield", "read", "write", "add", "append", "check", "set", "clear", "wait", "put"]
KINDS += ["get", "sleep", "cancel"]


class Cancelled(Exception):
    """A task was cancelled."""


class Broken(Exception):
    """An assertion failed."""


# -- programs ---------------------------------------------------------------------------------


def programs(seed, count):
    """Random programs: two tasks, and sometimes three shorter ones."""
    dice = random.Random(seed)
    for _ in range(count):
        tasks = 3 if dice.random() < 0.3 else 2
        yield [block(dice, 4 if tasks == 2 else 2, 2) for _ in range(tasks)]


def block(dice, length, depth):
    """Random operations; `depth` bounds nesting."""
    return [operation(dice, depth) for _ in range(dice.randint(1, length))]


def operation(dice, depth):
    """One random operation."""
    kind = dice.choice(KINDS + ["lock", "slots", "if", "swallow"] * (depth > 0))
    name = dice.choice(NAMES)
    if kind in ("lock", "slots", "swallow"):
        return kind, name, block(dice, 2, depth - 1)
    if kind == "if":
        return kind, name, dice.randint(0, 2), block(dice, 1, depth - 1)
    return kind, name, dice.randint(1, 2)


HEAD = """\
class S:
    x = y = 0
s, items, tasks = S(), [], []
async def main():
    lock, slots = asyncio.Lock(), asyncio.Semaphore(2)
    event, queue = asyncio.Event(), asyncio.Queue()
"""
TAIL = """
    tasks[:] = [asyncio.create_task(work()) for work in ({names},)]
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, AssertionError):
            raise result
    print(s.x, s.y, items)
asyncio.run(main())
"""


def source(tasks):
    """The program for asyncio."""
    lines = []
    for number, operations in enumerate(tasks):
        lines += [f"    async def task{number}():", "        r = 0", *written(operations, " " * 8)]
    return (
        HEAD
        + "\n".join(lines)
        + TAIL.format(names=", ".join(f"task{n}" for n in range(len(tasks))))
    )


LINES = {
    "yield": "await asyncio.sleep(0)",
    "read": "r = s.{0}",
    "write": "s.{0} = r + {1}",
    "append": "items.append(r + {1})",
    "check": "assert s.{0} < {1} + 1",
    "set": "event.set()",
    "clear": "event.clear()",
    "wait": "await event.wait()",
    "put": "await queue.put({1})",
    "get": "r = await queue.get()",
    "sleep": "await asyncio.sleep({1})",
}


def written(operations, indent):
    """Operations as Python lines."""
    deeper = indent + "    "
    for kind, name, *rest in operations:
        if kind in ("lock", "slots"):
            yield from (f"{indent}async with {kind}:", *written(rest[0], deeper))
        elif kind == "if":
            yield from (f"{indent}if s.{name} == {rest[0]}:", *written(rest[1], deeper))
        elif kind == "swallow":
            yield from (
                f"{indent}try:",
                *written(rest[0], deeper),
                f"{indent}except asyncio.CancelledError:",
            )
            yield f"{deeper}items.append('cancelled')"
        elif kind == "add":
            yield from (
                f"{indent}r = s.{name}",
                f"{indent}await asyncio.sleep(0)",
                f"{indent}s.{name} = r + 1",
            )
        elif kind == "cancel":
            yield f"{indent}if tasks[{rest[0] - 1}] is not asyncio.current_task():"
            yield f"{deeper}tasks[{rest[0] - 1}].cancel()"
        else:
            yield indent + LINES[kind].format(name, *rest)


# -- the oracle -------------------------------------------------------------------------------


class Signal:
    """What a task waits for: nothing yet, "ready" or "cancelled"."""

    state = None


class World:
    """One run: tasks as generators; `order` picks among what can happen next."""

    def __init__(self, tasks, order):
        self.order, self.counts = order, []
        self.values, self.items, self.clock, self.tick = dict.fromkeys(NAMES, 0), [], 0, 0
        self.locked, self.lock_queue = False, []
        self.slots, self.slot_queue = 2, []
        self.set, self.event_queue = False, []
        self.queue, self.getters = [], []
        self.sleepers, self.running, self.turned = [], None, True
        self.tasks = [self.body(operations, [0]) for operations in tasks]
        self.waits = [ready() for _ in tasks]
        self.must_cancel = [False] * len(tasks)
        self.results = [None] * len(tasks)

    def run(self):
        """The ending: "broken", "deadlock" or what would be printed."""
        while None in self.results:
            able = [
                n for n, result in enumerate(self.results) if result is None and self.waits[n].state
            ]
            choices = able + (["sleeper"] if self.may_wake(able) else [])
            if not choices:
                return "deadlock"
            chosen = choices[self.pick(len(choices))]
            if chosen == "sleeper":
                self.wake_sleeper()
            else:
                self.turn(chosen)
        if "broken" in self.results:
            return "broken"
        return f"{self.values['x']} {self.values['y']} {self.items}"

    def pick(self, count):
        at = len(self.counts)
        self.counts.append(count)
        return self.order[at] if at < len(self.order) else 0

    def next_sleeper(self):
        self.sleepers = [sleeper for sleeper in self.sleepers if sleeper[2].state is None]
        return min(self.sleepers, key=lambda sleeper: sleeper[:2], default=None)

    def may_wake(self, able):
        """What is due may come at any time; else a turn was taken since, or nothing is able."""
        sleeper = self.next_sleeper()
        return sleeper and (not able or self.turned or sleeper[0] <= self.clock)

    def wake_sleeper(self):
        when, _, signal = self.next_sleeper()
        if when > self.clock:
            self.clock, self.turned = when, False
        signal.state = "ready"

    def turn(self, number):
        self.turned = True
        self.running, task, signal = number, self.tasks[number], self.waits[number]
        try:
            if self.must_cancel[number] or signal.state == "cancelled":
                self.must_cancel[number] = False
                self.waits[number] = task.throw(Cancelled())
            else:
                self.waits[number] = next(task)
        except (StopIteration, Cancelled):
            self.results[number] = "done"
        except Broken:
            self.results[number] = "broken"

    def cancel(self, number):
        if number >= len(self.tasks) or number == self.running or self.results[number]:
            return
        if self.waits[number].state is None:
            self.waits[number].state = "cancelled"
        elif self.waits[number].state == "ready":
            self.must_cancel[number] = True

    # operations

    def body(self, operations, r):
        for kind, name, *rest in operations:
            yield from getattr(self, f"do_{kind}", self.quick)(kind, name, rest, r)

    def quick(self, kind, name, rest, r):
        if kind == "read":
            r[0] = self.values[name]
        elif kind == "write":
            self.values[name] = r[0] + rest[0]
        elif kind == "append":
            self.items.append(r[0] + rest[0])
        elif kind == "check" and not self.values[name] < rest[0] + 1:
            raise Broken
        elif kind == "clear":
            self.set = False
        elif kind == "cancel" and rest[0] - 1 < len(self.tasks):
            self.cancel(rest[0] - 1)
        return
        yield

    def do_yield(self, kind, name, rest, r):
        yield ready()

    def do_add(self, kind, name, rest, r):
        r[0] = self.values[name]
        yield ready()
        self.values[name] = r[0] + 1

    def do_if(self, kind, name, rest, r):
        if self.values[name] == rest[0]:
            yield from self.body(rest[1], r)

    def do_swallow(self, kind, name, rest, r):
        try:
            yield from self.body(rest[0], r)
        except Cancelled:
            self.items.append("cancelled")

    def do_sleep(self, kind, name, rest, r):
        signal = Signal()
        self.tick += 1
        self.sleepers.append((self.clock + rest[0], self.tick, signal))
        yield signal

    def do_set(self, kind, name, rest, r):
        self.set = True
        for signal in self.event_queue:
            signal.state = signal.state or "ready"
        return
        yield

    def do_wait(self, kind, name, rest, r):
        if not self.set:
            signal = Signal()
            self.event_queue.append(signal)
            try:
                yield signal
            finally:
                self.event_queue.remove(signal)

    def do_put(self, kind, name, rest, r):
        self.queue.append(rest[0])
        self.wake_getter()
        return
        yield

    def wake_getter(self):
        while self.getters:
            signal = self.getters.pop(0)
            if signal.state is None:
                signal.state = "ready"
                return

    def do_get(self, kind, name, rest, r):
        while not self.queue:
            signal = Signal()
            self.getters.append(signal)
            try:
                yield signal
            except Cancelled:
                if signal in self.getters:
                    self.getters.remove(signal)
                if self.queue and signal.state == "ready":
                    self.wake_getter()
                raise
        r[0] = self.queue.pop(0)

    def do_lock(self, kind, name, rest, r):
        if self.locked or any(signal.state != "cancelled" for signal in self.lock_queue):
            signal = Signal()
            self.lock_queue.append(signal)
            try:
                yield signal
            except Cancelled:
                self.lock_queue.remove(signal)
                if not self.locked:
                    self.wake_locker()
                raise
            self.lock_queue.remove(signal)
        self.locked = True
        try:
            yield from self.body(rest[0], r)
        finally:
            self.locked = False
            self.wake_locker()

    def wake_locker(self):
        if self.lock_queue and self.lock_queue[0].state is None:
            self.lock_queue[0].state = "ready"

    def do_slots(self, kind, name, rest, r):
        if self.slots == 0 or any(signal.state != "cancelled" for signal in self.slot_queue):
            signal = Signal()
            self.slot_queue.append(signal)
            try:
                yield signal
            except Cancelled:
                self.slot_queue.remove(signal)
                if signal.state == "ready":
                    self.slots += 1
                self.wake_slots()
                raise
            self.slot_queue.remove(signal)
            self.wake_slots()
        else:
            self.slots -= 1
        try:
            yield from self.body(rest[0], r)
        finally:
            self.slots += 1
            self.wake_slots()

    def wake_slots(self):
        for signal in self.slot_queue:
            if self.slots > 0 and signal.state is None:
                self.slots -= 1
                signal.state = "ready"


def ready():
    """A signal that is ready at once."""
    signal = Signal()
    signal.state = "ready"
    return signal


def endings(tasks, most=20_000):
    """Every ending over all orders, or None where there are more than so many orders."""
    found, waiting, runs = set(), [()], 0
    while waiting:
        order = waiting.pop()
        world = World(tasks, order)
        found.add(world.run())
        runs += 1
        if runs > most:
            return None
        chosen = (*order, *[0] * (len(world.counts) - len(order)))
        for at in range(len(order), len(world.counts)):
            waiting += [(*chosen[:at], other) for other in range(1, world.counts[at])]
    return found
