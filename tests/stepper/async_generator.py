"""Seeded random small asyncio programs, as text: tasks that share a number and a list, and wait for
each other."""

import random
import textwrap


class Program:
    """One random program; `text` has it as Python."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.tasks = self.pick([2, 2, 2, 3])
        self.clock = self.dice.random() < 0.3
        self.things = {}
        bodies = [self.body() for _ in range(self.tasks)]
        if self.dice.random() < 0.3:
            bodies = [bodies[0]] * self.tasks
        self.bodies = bodies

    def pick(self, some):
        """One of them."""
        return self.dice.choice(some)

    def thing(self, name):
        """The name of a lock, queue, …; made when it is first asked for."""
        made = {
            "lock": "asyncio.Lock()",
            "other": "asyncio.Lock()",
            "event": "asyncio.Event()",
            "cond": "asyncio.Condition()",
            "jobs": f"asyncio.Queue({self.pick(['', '1'])})",
            "gate": "asyncio.Semaphore(1)",
            "meet": f"asyncio.Barrier({self.tasks})",
            "answer": "asyncio.get_running_loop().create_future()",
        }
        self.things.setdefault(name, made[name])
        return name

    def body(self):
        """A few statements."""
        most = 3 if self.tasks == 2 else 2
        return [line for _ in range(self.dice.randint(1, most)) for line in self.statement(2)]

    def block(self, depth):
        """The inside of a with or if."""
        return [line for _ in range(self.dice.randint(1, 2)) for line in self.statement(depth - 1)]

    def statement(self, depth):
        """One statement, as lines."""
        makers = [self.number, self.number, self.yielded, self.yielded, self.items]
        if depth > 0:
            makers += [
                self.guarded,
                self.guarded,
                self.check,
                self.waiting,
                self.queueing,
                self.limited,
                self.inner,
            ]
        return self.pick(makers)(depth)

    def number(self, _):
        """Something with the number."""
        k = self.dice.randint(1, 3)
        return [
            self.pick(
                [
                    f"n += {k}",
                    "r = n",
                    f"n = r + {k}",
                    f"assert n < {k} + 2",
                    "n -= 1",
                    "n = max(n, r)",
                ]
            )
        ]

    def items(self, _):
        """Something with the list."""
        return [
            self.pick(
                [
                    "items.append(r)",
                    "items.append(n)",
                    "r = len(items)",
                    "items.clear()",
                    "r = sum(items)",
                ]
            )
        ]

    def yielded(self, _):
        """A suspension."""
        if self.clock and self.dice.random() < 0.5:
            return [f"await asyncio.sleep({self.pick([1, 1, 2, 3])})"]
        return ["await asyncio.sleep(0)"]

    def guarded(self, depth):
        """A block under a lock."""
        name = self.thing(self.pick(["lock", "lock", "other", "gate"]))
        if self.dice.random() < 0.7:
            return [f"async with {name}:", *indented(self.block(depth))]
        return [f"await {name}.acquire()", *self.block(depth), f"{name}.release()"]

    def check(self, depth):
        """Look, let others go, then act."""
        form = self.pick(["pop", "once", "look"])
        if form == "pop":
            return [
                "if items:",
                *indented(self.pick([["await asyncio.sleep(0)"], []])),
                "    r = items.pop()",
            ]
        if form == "once":
            return ["if n == 0:", *indented(self.yielded(0)), "    n += 1"]
        return [
            f"if {self.pick(['n', 'r', 'not n', 'len(items) > 1'])}:",
            *indented(self.block(depth)),
        ]

    def waiting(self, depth):
        """Events, conditions, barriers, futures."""
        form = self.pick(
            [
                "set",
                "wait",
                "pulse",
                "notify",
                "wait for",
                "wait if",
                "meet",
                "answer",
                "await answer",
            ]
        )
        if form in ("set", "wait", "pulse"):
            event = self.thing("event")
            lines = {"set": [f"{event}.set()"], "wait": [f"await {event}.wait()"]}
            return lines.get(form, [f"{event}.set()", f"{event}.clear()"])
        if form == "meet":
            return [f"await {self.thing('meet')}.wait()"]
        if form == "answer":
            return [f"if not {self.thing('answer')}.done():", "    answer.set_result(n)"]
        if form == "await answer":
            return [f"r = await {self.thing('answer')}"]
        cond = self.thing("cond")
        if form == "notify":
            return [
                f"async with {cond}:",
                *indented(self.number(0)),
                f"    {cond}.notify{self.pick(['', '_all'])}()",
            ]
        if form == "wait for":
            return [
                f"async with {cond}:",
                f"    await {cond}.wait_for(lambda: n > 0)",
                "    n -= 1",
            ]
        return [
            f"async with {cond}:",
            "    if n < 1:",
            f"        await {cond}.wait()",
            "    n += 1",
        ]

    def queueing(self, _):
        """Queues."""
        jobs = self.thing("jobs")
        forms = [[f"await {jobs}.put(r)"], [f"await {jobs}.put(n)"], [f"r = await {jobs}.get()"]]
        forms += [
            [f"if not {jobs}.empty():", *indented(self.yielded(0)), f"    r = {jobs}.get_nowait()"]
        ]
        forms += [[f"r = {jobs}.qsize()"], [f"r = await {jobs}.get()", f"{jobs}.task_done()"]]
        return self.pick(forms)

    def limited(self, depth):
        """What may be given up: wait_for and timeout on the clock, cancellation."""
        wait = self.pick(["lock", "event"])
        call = f"{self.thing(wait)}.{'acquire' if wait == 'lock' else 'wait'}()"
        if self.clock:
            form = self.pick([f"await asyncio.wait_for({call}, {self.pick([1, 2])})", None])
            inside = [form] if form else ["async with asyncio.timeout(2):", f"    await {call}"]
            if wait == "lock":
                inside += ["n += 1", "lock.release()"]
            return ["try:", *indented(inside), "except TimeoutError:", "    r = 5"]
        return [
            "try:",
            f"    await {call}",
            *(["    lock.release()"] if wait == "lock" else []),
            "finally:",
            "    n += 1",
        ]

    def inner(self, depth):
        """A task of its own: awaited, gathered, in a group, or cancelled."""
        form = self.pick(["task", "gather", "group", "cancel", "shield"])
        made = [
            "async def bump(by):",
            "    nonlocal n",
            "    seen = n",
            "    await asyncio.sleep(0)",
            "    n = seen + by",
        ]
        if form == "task":
            return [*made, "task = asyncio.create_task(bump(1))", *self.number(0), "await task"]
        if form == "gather":
            return [*made, "await asyncio.gather(bump(1), bump(2))"]
        if form == "group":
            return [
                *made,
                "async with asyncio.TaskGroup() as group:",
                "    group.create_task(bump(1))",
                "    r = n",
            ]
        if form == "shield":
            return [*made, "await asyncio.shield(bump(1))"]
        return [*made, "task = asyncio.create_task(bump(1))", *self.yielded(0), "task.cancel()",
                "try:", "    await task", "except asyncio.CancelledError:", "    r = 7"]  # fmt: skip

    def text(self):
        """The program as Python."""
        lines = [
            "import asyncio",
            "",
            "async def main():",
            "    n = 0",
            f"    items = [{self.pick(['', '1', '1, 2'])}]",
        ]
        lines += [f"    {name} = {made}" for name, made in self.things.items()]
        for number, body in enumerate(self.bodies):
            lines += [
                f"    async def work{number}():",
                "        nonlocal n",
                "        r = 0",
                *indented(body, 8),
            ]
        works = ", ".join(f"work{number}()" for number in range(self.tasks))
        start = self.pick(["gather", "group", "tasks"])
        if start == "gather":
            lines += [f"    await asyncio.gather({works})"]
        elif start == "group":
            lines += [
                "    async with asyncio.TaskGroup() as tasks:",
                f"        for work in ({works}):",
                "            tasks.create_task(work)",
            ]
        else:
            lines += [
                f"    tasks = [asyncio.create_task(work) for work in ({works})]",
                "    for task in tasks:",
                "        await task",
            ]
        lines += ["    print(n, items)", "", "asyncio.run(main())", ""]
        return "\n".join(lines)


def indented(lines, by=4):
    """Lines, further to the right."""
    return textwrap.indent("\n".join(lines), " " * by).splitlines()


def program(seed):
    """The text of the program with this seed."""
    return Program(seed).text()


if __name__ == "__main__":
    import sys

    for word in sys.argv[1:]:
        print(f"# {word}\n{program(int(word))}")
