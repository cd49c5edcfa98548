"""Seeded random small programs with threads, as text: some safe, some broken in a few schedules
only, some in all.

A program shares a counter `n`, a container `items`, and something to wait for.  Each of these is
reached in the way the program's *style* has it: as an attribute, a global, a cell, an item, a field
of a dataclass or class, or an alias."""

import random
import textwrap

STYLES = ("attribute", "global", "cell", "item", "dataclass", "class", "slots", "alias")
CONTAINERS = {
    "list": ("[]", "[1]", "[1, 2]"),
    "dict": ("{}", '{"a": 1}', '{"a": 1, "b": 2}'),
    "set": ("set()", "{1}", "{1, 2}"),
    "deque": ("deque()", "deque([1])", "deque([1, 2])"),
    "Counter": ("Counter()", "Counter(a=1)", 'Counter("ab")'),
    "defaultdict": ("defaultdict(int)", "defaultdict(int, a=1)", "defaultdict(int, a=1, b=2)"),
    "Box": ("Box()", "Box(1)", "Box(1, 2)"),
}
FILLED = (
    "{i}", "not not {i}", "len({i})", "len({i}) > 0", "bool({i})", "len({i}) != 0", "{i} and True", "not (not {i})",
    "any(True for _ in {i})", "list({i})", "0 < len({i})", "True if {i} else False", "{i} or False", "len({i}) >= 1",
)  # fmt: skip
SEQUENCE_ACTS = (
    "{i}.append({k})", "{i}.append(r)", "{i}.remove(1)", "{i}[0] += 1", "del {i}[0]", "r = {i}[-1]", "r = sum({i})",
    "{i}.extend([{k}, {k}])", "{i}.clear()", "r = len({i})", "r = {i}.index(1)", "r = max({i}, default=0)",
    "{i}.reverse()", "r = sum([x + 1 for x in {i}])", "r = sum(x for x in {i})", "{i}.append(len({i}))",
    "r = {i}.count(1)", "r = list({i})[0]", "{i}[0] = {k}",
)  # fmt: skip
MAPPING_ACTS = (
    '{i}["c"] = {k}', '{i}["a"] += 1', '{i}["a"] = {i}.get("a", 0) + 1', 'del {i}["a"]', '{i}.pop("a")',
    '{i}.setdefault("c", 0)', "r = sum({i}.values())", "{i}.update(c={k})", "{i}.popitem()", "r = len({i})",
    "{i}.clear()", 'r = {i}["a"]', "r = sum([v for k, v in {i}.items()])", '{i}.pop("a", None)',
    'r = len({{**{i}}})', 'r = {i}.get("a", 0)', 'r = sorted({i})[0] > ""',
)  # fmt: skip
SET_ACTS = (
    "{i}.add({k})", "{i}.remove(1)", "{i}.discard(1)", "r = len({i})", "r = sum({i})", "{i}.clear()",
    "{i}.update({{1, {k}}})", "r = 1 in {i}", "r = sum([x for x in {i}])",
)  # fmt: skip
NUMBER_ACTS = (
    "{n} += {k}", "{n} += 1", "{n} = {n} + {k}", "r = {n}", "{n} = r + {k}", "{n} -= 1", "{n} = max({n}, {k})",
    "{n} += one()", "{n} *= 2", "assert {n} < {k} + 2", "assert {n} >= 0", "{n} = r if r else {n} + 1",
    "{n} = [{n} + d for d in (1,)][0]", "{n}, r = {n} + 1, {n}", "{n} = int(str({n})) + 1", 'r = int(format({n}))',
    "{n} = (lambda v: v + 1)({n})", "r += {n}", "{n} = 0",
)  # fmt: skip
BOX = """
class Box:
    def __init__(self, *values):
        self.values = list(values)

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.values)

    def __contains__(self, value):
        return value in self.values

    @property
    def top(self):
        return self.values[-1]

    def append(self, value):
        self.values.append(value)

    def pop(self):
        return self.values.pop()

    def remove(self, value):
        self.values.remove(value)

    def clear(self):
        self.values = []
"""
BOX_ACTS = (
    "{i}.append({k})", "{i}.append(r)", "{i}.remove(1)", "r = {i}.top", "r = sum({i})", "{i}.clear()", "r = len({i})",
    "r = 1 in {i}", "r = sum([x for x in {i}])", "{i}.values += [{k}]", "{i}.values = {i}.values + [{k}]",
)  # fmt: skip
ACTS = {
    "list": (
        *SEQUENCE_ACTS,
        "{i}.insert(0, {k})",
        "{i}[:] = []",
        "r = {i}.pop()",
        "{i} += [{k}]",
        "r = sorted({i})[0]",
    ),
    "deque": (
        *SEQUENCE_ACTS,
        "{i}.appendleft({k})",
        "r = {i}.popleft()",
        "{i}.rotate(1)",
        "r = {i}.pop()",
    ),
    "dict": MAPPING_ACTS,
    "Counter": (*MAPPING_ACTS[:8], '{i}["c"] += 1', '{i}.update("ab")', "r = {i}.total()"),
    "defaultdict": (*MAPPING_ACTS, '{i}["c"] += 1'),
    "set": SET_ACTS,
    "Box": BOX_ACTS,
}
POP = {
    "list": "pop()",
    "deque": "popleft()",
    "dict": "popitem()[1]",
    "set": "pop()",
    "Counter": "popitem()[1]",
}
POP |= {"defaultdict": "popitem()[1]", "Box": "pop()"}

SPECIAL = {
    "generator": [],
    "cached": [],
    "timed": [],
    "sleep": ["time.sleep(0.01)"],
    "walrus": ["if (seen := {n}) < 2:", "    {n} = seen + 1"],
    "star": ["first, *rest = [{n}, *{i}]", "r = len(rest)", "{n} = first + r"],
    "ternary": ["{n} = {n} + 1 if {n} < 1 else {n}"],
    "apart": ["r = {n}", "{n} = r + 1"],
    "arguments": ["r = count_of(*{i})"],
    "sorted by": ["r = len(sorted({i}, key=lambda x: {n}))"],
    "map": ["r = len(list(map(lambda x: {n}, {i})))"],
    "filter": ["r = sum(1 for x in {i} if {n} < 2)"],
    "any": ["if any({n} == 0 for x in {i}):", "    {n} += 1"],
    "text": ["r = len(str(list({i}))) + {n}"],
    "zip": ["for x, y in zip({i}, {i}):", "    r += 1"],
    "nested": ["r = [[{n} for x in {i}] for y in (1, 2)][0]", "r = len(r)"],
    "and": ["if {n} == 0 and len({i}) > 0:", "    {n} = len({i})"],
    "or": ["r = {n} or len({i})"],
    "chain": ["if 0 <= {n} <= len({i}):", "    {n} += 1"],
    "else": ["for x in {i}:", "    if {n}: break", "else:", "    {n} += 1"],
    "while": ["while {n} < 2:", "    {n} += 1"],
    "forever": ["while True:", "    if {n} > 0: break", "    {n} += 1"],
    "manager": ["with manager():", "    {n} += 1"],
    "yield from": ["for x in both({i}):", "    {n} += 1"],
    "finally": ["try:", "    {n} += 1", "finally:", "    r = {n}"],
    "unpack": ["(r,) = [x for x in {i}][:1] or [0]"],
    "swap": ["{n}, r = r, {n}"],
    "same": ["if {i} == {i}:", "    {n} += 1"],
    "lambda": ["grow = lambda: {n} + 1", "{n} = grow()"],
    "counted": ["r = Counted.made", "Counted.made = r + 1", "{n} = Counted.made"],
    "class": ["Counted()", "{n} = Counted.made"],
    "getattr": ['setattr(Counted, "made", getattr(Counted, "made") + 1)', "{n} = Counted.made"],
    "vars": ['r = vars(Counted)["made"]', "Counted.made += 1", "{n} = r"],
    "property": ["{n} = Counted.one.twice", "Counted.one.by += 1"],
    "operator": ["Counted.one += 1", "{n} = Counted.one.by"],
    "key": ["Counted.seen[Key({n})] = 1", "r = len(Counted.seen)"],
    "default": ["r = collect(1)", "{n} += r"],
    "reduce": ["r = total_of({i}) + {n}"],
    "compare": ["r = Key({n}) == Key({n})"],
    "missing": ["r = Counted.one.anything", "{n} += 1"],
    "call": ["r = Counted.one()", "{n} = r"],
    "index": ["r = Counted.one[0]", "{n} += r"],
}
"""Lines by what they show; some need a helper."""
COUNTED = """class Key:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.value == other.value

class Counted:
    made = 0
    seen = {{}}

    def __init__(self):
        Counted.made += 1
        self.by = 1

    @property
    def twice(self):
        return self.by + self.by

    def __iadd__(self, by):
        self.by = self.by + by
        return self

    def __getattr__(self, name):
        return Counted.made

    def __call__(self):
        self.by += 1
        return self.by

    def __getitem__(self, at):
        return self.by + at

Counted.one = Counted()
"""
HELPERS = {
    "Counted": COUNTED,
    "Key(": COUNTED,
    "count_of": "def count_of(*some):\n    return len(some)\n",
    "manager": "import contextlib\n\n@contextlib.contextmanager\ndef manager():\n    yield 1\n",
    "both": "def both(some):\n    yield from some\n    yield from some\n",
    "collect": "def collect(value, found=[]):\n    found.append(value)\n    return len(found)\n",
    "total_of": "import functools\n\ndef total_of(some):\n    return functools.reduce(lambda r, x: r + 1, some, 0)\n",
}


class Program:
    """One random program; `text` has it as Python."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.style = self.pick(STYLES)
        self.kind = self.pick(list(CONTAINERS))
        empty, one, two = CONTAINERS[self.kind]
        self.first = self.pick((empty, one, one, two))
        self.threads = 3 if self.dice.random() < 0.25 else 2
        self.script = self.dice.random() < 0.35
        self.things, self.helpers = {}, []
        # what is in a body can be chosen only once: `{n}` and so on are filled in by `text`
        self.bodies = self.idiom() or [self.body() for _ in range(self.threads)]
        if self.dice.random() < 0.35:
            self.bodies = [self.bodies[0]] * len(self.bodies)

    def pick(self, some):
        """One of them."""
        return self.dice.choice(some)

    def thing(self, kind):
        """The name of a lock, queue, …; made when it is first asked for."""
        kinds = {
            "lock": "threading.Lock()",
            "other": "threading.Lock()",
            "rlock": "threading.RLock()",
            "gate": f"threading.Semaphore({self.dice.randint(1, 2)})",
            "bounded": "threading.BoundedSemaphore(1)",
            "cond": "threading.Condition()",
            "event": "threading.Event()",
            "meet": f"threading.Barrier({self.threads})",
            "jobs": f"queue.Queue({self.pick(['', '1'])})",
            "stack": "queue.LifoQueue()",
            "heap": "queue.PriorityQueue()",
            "simple": "queue.SimpleQueue()",
            "thing": "None",
            "ids": "count()",
            "flag": "False",
        }
        if kind == "ids":
            self.helper(
                "def count():\n    number = 0\n    while True:\n        number += 1\n        yield number\n"
            )
        self.things.setdefault(kind, kinds[kind])
        return "{" + kind + "}"

    def helper(self, text):
        """A function beside the threads' functions."""
        if text not in self.helpers:
            self.helpers.append(text)

    # -- bodies: lists of lines in which {n}, {i}, {lock} … stand for what is shared

    def body(self):
        """A few statements."""
        most = 4 if self.threads == 2 and not self.script else 2
        lines, left = [], self.dice.randint(1, most)
        while left > 0:
            lines += self.statement(2)
            left -= 1
        return lines

    def block(self, depth, most=2):
        """The inside of a with, if or loop."""
        return [
            line for _ in range(self.dice.randint(1, most)) for line in self.statement(depth - 1)
        ]

    def statement(self, depth):
        """One statement, as lines."""
        makers = [self.number, self.number, self.act, self.act, self.check, self.check]
        if depth > 0:
            makers += [
                self.guarded,
                self.guarded,
                self.guarded,
                self.walk,
                self.lazy,
                self.waiting,
                self.queueing,
            ]
            makers += [
                self.asking,
                self.retry,
                self.matching,
                self.special,
                self.special,
                self.special,
                self.when,
            ]
        return self.pick(makers)(depth)

    def fill(self, line):
        """A number for {k}; the names of what is shared are left for later."""
        return line.replace("{k}", str(self.dice.randint(1, 3)))

    def number(self, _):
        """Something with the counter."""
        line = self.fill(self.pick(NUMBER_ACTS))
        if "one()" in line:
            self.helper("def one():\n    return 1\n")
        return [line]

    def act(self, _):
        """Something with the container."""
        return [self.fill(self.pick(ACTS[self.kind]))]

    def check(self, depth):
        """Look whether there is something, then take it."""
        take = f"r = {{i}}.{POP[self.kind]}" if self.dice.random() < 0.8 else self.act(0)[0]
        form, test = self.pick(["if", "if", "while", "else", "early"]), self.pick(FILLED)
        if form == "else":
            return [f"if not ({test}):", "    r = 0", "else:", f"    {take}"]
        if form == "early" and depth > 1:
            return [f"if not ({test}):", "    return", take]
        if form == "while" and not take.endswith(POP[self.kind]):
            form = "if"
        return [f"{form if form == 'while' else 'if'} {test}:", f"    {take}"]

    def when(self, depth):
        """A condition on the counter."""
        test = self.pick(
            ["{n} == 0", "{n} < 2", "not {n}", "{n}", "r == 0", "r", "0 <= {n} < 2", "{n} != 1"]
        )
        return [f"if {test}:", *indented(self.block(depth, 1))]

    def guarded(self, depth):
        """A block under a lock."""
        kind = self.pick(["lock", "lock", "lock", "other", "rlock", "gate", "bounded"])
        name, block = self.thing(kind), self.block(depth)
        form = self.pick(["with", "with", "with", "plain", "finally", "try", "nested", "leak"])
        if form == "with" or "return" in " ".join(block):
            return [f"with {name}:", *indented(block)]
        if form == "plain":
            return [f"{name}.acquire()", *block, f"{name}.release()"]
        if form == "finally":
            return [
                f"{name}.acquire()",
                "try:",
                *indented(block),
                "finally:",
                f"    {name}.release()",
            ]
        if form == "try":
            return [f"if {name}.acquire(blocking=False):", *indented([*block, f"{name}.release()"])]
        if form == "nested":
            inner = self.thing(self.pick(["lock", "other"]))
            return [
                f"with {name}:",
                f"    with {inner}:" if inner != name else "    if True:",
                *indented(block, 8),
            ]
        return [f"{name}.acquire()", *block, f"if r < 2: {name}.release()"]

    def walk(self, _):
        """A loop over the container."""
        if self.kind in ("dict", "Counter", "defaultdict"):
            return self.pick(
                [
                    ["for key in {i}:", "    r += {i}[key]"],
                    ["for key, value in {i}.items():", "    r += value"],
                    ["for key in list({i}):", "    r += {i}[key]"],
                ]
            )
        line = self.pick(["r += x", "{n} += x", "r = x"])
        return [
            self.pick(["for x in {i}:", "for x in list({i}):", "for at, x in enumerate({i}):"]),
            f"    {line}",
        ]

    def lazy(self, _):
        """Make a thing once."""
        self.helper("class Thing:\n    value = 0\n")
        name = self.thing("thing")
        test = self.pick([f"{name} is None", f"not {name}", f"{name} == None"])
        return [f"if {test}:", "    {n} += 1", f"    {name} = Thing()", f"{name}.value += 1"]

    def waiting(self, depth):
        """Conditions, events and barriers."""
        form = self.pick(
            ["notify", "wait", "wait if", "wait for", "set", "event", "pulse", "meet", "flag"]
        )
        block = self.block(depth, 1)
        if "return" in " ".join(block):
            block = ["r += 1"]
        if form == "notify":
            return [
                f"with {self.thing('cond')}:",
                *indented(block),
                f"    {self.thing('cond')}.notify{self.pick(['', '_all'])}()",
            ]
        if form in ("wait", "wait if"):
            word = "while" if form == "wait" else "if"
            return [
                f"with {self.thing('cond')}:",
                f"    {word} {self.pick(['not {i}', '{n} < 1', 'not {n}'])}:",
                f"        {self.thing('cond')}.wait()",
                *indented(block),
            ]
        if form == "wait for":
            return [
                f"with {self.thing('cond')}:",
                f"    {self.thing('cond')}.wait_for(lambda: {self.pick(['{i}', '{n}', '{n} > 0'])})",
                *indented(block),
            ]
        if form == "meet":
            return [*block, f"{self.thing('meet')}.wait()"]
        if form == "flag":
            return self.pick(
                [[f"{self.thing('flag')} = True"], [f"if {self.thing('flag')}:", *indented(block)]]
            )
        event = self.thing("event")
        return {
            "set": [*block, f"{event}.set()"],
            "event": [f"{event}.wait()", *block],
            "pulse": [f"{event}.set()", f"{event}.clear()"],
        }[form]

    def queueing(self, _):
        """Queues."""
        name = self.thing(self.pick(["jobs", "jobs", "stack", "heap", "simple"]))
        forms = [
            [f"{name}.put({{k}})"],
            [f"{name}.put(r)"],
            [f"r = {name}.get()"],
            [f"if not {name}.empty():", f"    r = {name}.get()"],
            ["try:", f"    r = {name}.get_nowait()", "except queue.Empty:", "    r = 0"],
            [f"r = {name}.qsize()"],
            [f"if {name}.qsize():", f"    r = {name}.get_nowait()"],
        ]
        if name == "{jobs}":
            forms += [
                [f"r = {name}.get()", f"{name}.task_done()"],
                [f"{name}.put({{k}})", f"{name}.join()"],
            ]
        return [self.fill(line) for line in self.pick(forms)]

    def asking(self, _):
        """The answer of a helper that looks at what is shared."""
        if self.style in ("global", "cell"):
            form = self.pick(["look", "bump"])
            if form == "look":
                self.helper("def look():\n    return {n}\n")
                return [self.pick(["if look() < 2:", "if not look():"]), "    {n} += 1"]
            self.helper("def bump(by=1):\n    {n} += by\n    return {n}\n")
            return [self.pick(["bump()", "r = bump(2)", "r = bump() + bump()"])]
        self.helper(
            "def total(some):\n    result = 0\n    for one in some:\n        result += 1\n    return result\n"
        )
        return [
            self.pick(["r = total({i})", "if total({i}) > 0:\n    {n} += 1", "{n} += total({i})"])
        ]

    def retry(self, depth):
        """What may fail, caught."""
        return [
            "try:",
            *indented(self.act(0)),
            f"except {self.pick(['(KeyError, IndexError, ValueError)', 'Exception', 'LookupError'])}:",
            *indented(self.block(depth, 1)),
        ]

    def matching(self, _):
        """Patterns."""
        take = f"r = {{i}}.{POP[self.kind]}"
        if self.kind in ("list", "deque"):
            case = self.pick(["[x]", "[x, *_]", "[1]", "[_, _]", "[]"])
        elif self.kind in ("dict", "Counter", "defaultdict"):
            case = self.pick(['{{"a": x}}', '{{"a": 1}}', '{{"a": _, **rest}}'])
        else:
            return [
                "match len({i}):",
                "    case 1:",
                f"        {take}",
                "    case _:",
                "        r = 0",
            ]
        return [
            "match {i}:",
            f"    case {case}:",
            f"        {take if case != '[]' else '{n} += 1'}",
        ]

    def special(self, _):
        """Ways to read and write that a text does not show at once."""
        form = self.pick(list(SPECIAL))
        if form == "generator":
            return [f"r = next({self.thing('ids')})", "{n} += r"]
        if form == "cached":
            if self.style not in ("global", "cell") and not self.script:
                return self.act(0)
            self.helper(
                "import functools\n\n@functools.lru_cache\ndef load(key):\n    {n} += 1\n    return {n}\n"
            )
            return ["r = load(1)"]
        if form == "timed":
            lock = self.thing("lock")
            return [f"if {lock}.acquire(timeout=1):", "    {n} += 1", f"    {lock}.release()"]
        for word, helper in HELPERS.items():
            if any(word in line for line in SPECIAL[form]):
                self.helper(helper)
        return [self.fill(line) for line in SPECIAL[form]]

    def idiom(self):
        """Now and then a whole program that people write, right or wrong."""
        if self.dice.random() > 0.3:
            return None
        lock, n = self.thing("lock"), self.threads
        bump = ["{n} += 1"]
        form = self.pick(
            ["locked", "half", "inside", "handover", "circle", "double", "produce", "swap", "count"]
        )
        if form == "locked":
            return [[f"with {lock}:", *indented(bump * self.dice.randint(1, 2))]] * n
        if form == "half":
            return [[f"with {lock}:", *indented(bump)]] * (n - 1) + [bump]
        if form == "inside":
            return [[f"with {lock}:", "    r = {n}", f"with {lock}:", "    {n} = r + 1"]] * n
        if form == "handover":
            event = self.thing("event")
            return [[*bump, f"{event}.set()"], [f"{event}.wait()", *bump]] + [["r = {n}"]] * (n - 2)
        if form == "circle":
            other = self.thing("other")
            pairs = [(lock, other), (other, lock) if self.dice.random() < 0.6 else (lock, other)]
            return [
                [f"with {a}:", f"    with {b}:", "        {n} += 1"] for a, b in (pairs * 2)[:n]
            ]
        if form == "double":
            self.helper("class Thing:\n    value = 0\n")
            inner = (
                ["    if {thing} is None:", "        {thing} = Thing()", "        {n} += 1"]
                if self.dice.random() < 0.5
                else ["    {thing} = Thing()", "    {n} += 1"]
            )
            self.thing("thing")
            return [["if {thing} is None:", f"    with {lock}:", *indented(inner)]] * n
        if form == "produce":
            cond, word = self.thing("cond"), self.pick(["while", "while", "if"])
            self.kind, self.first = "list", "[]"
            get = [
                f"with {cond}:",
                f"    {word} not {{i}}:",
                f"        {cond}.wait()",
                "    r = {i}.pop()",
            ]
            puts = [f"with {cond}:", "    {i}.append(1)", f"    {cond}.notify()"] * (n - 1)
            return [puts] + [get] * (n - 1)
        if form == "swap":
            return [["r = {n}", "{n} = r + 1", "r = {n}"]] * n
        return [[f"with {lock}:", "    {n} += 1", "if {n} == 2:", "    {i}.clear()"]] * n

    # -- the text

    def text(self):
        """The program as Python."""
        return self.as_script() if self.script else self.as_form()

    def names(self):
        """What {n}, {i}, {lock} … are called in this style, and how it is set up."""
        return {"n": "0", "items": self.first, **self.things}

    def spelled(self, prefix):
        """{n} → prefix + n, and so on."""
        known = {name: prefix.format(name) for name in self.names()}
        return known | {"i": known["items"]}

    def as_form(self):
        """setup, THREADS, safe."""
        values, style = self.names(), self.style
        spelled = {"item": 's["{}"]', "global": "{}", "cell": "{}"}.get(style, "s.{}")
        names = self.spelled(spelled)
        checks = self.safe(names)
        if style in ("global", "cell"):
            return self.as_names(values, names, checks, style == "cell")
        if style == "attribute" or style == "alias":
            made = f"SimpleNamespace({', '.join(f'{k}={v}' for k, v in values.items())})"
        elif style == "item":
            made = f"dict({', '.join(f'{k}={v}' for k, v in values.items())})"
        else:
            made = "Shared()"
        lines = [*IMPORTS, *self.classes(values), ""]
        lines += ["def setup():", f"    return {made}", ""]
        for number, body in enumerate(self.bodies):
            aliases = []
            used = names
            if style == "alias":
                aliases, used = (
                    ["    i = s.items", "    mine = s"],
                    names | {"i": "i", "n": "mine.n"},
                )
            lines += [
                f"def work{number}(s):",
                *aliases,
                "    r = 0",
                *indented(filled(body, used)),
                "",
            ]
        return self.finish(lines, names, ["s"], checks)

    def finish(self, lines, names, takes, checks):
        """Helpers in front, THREADS and safe behind."""
        argument = ", ".join(takes)
        lines = self.with_helpers(lines, names)
        lines += [f"THREADS = [{', '.join(f'work{n}' for n in range(len(self.bodies)))}]", ""]
        return "\n".join([*lines, f"def safe({argument}):", *indented(checks), ""])

    def with_helpers(self, lines, names):
        """Imports, then helpers, then the rest."""
        at = len(IMPORTS)
        made = []
        for text in self.helpers:
            made += filled(text.splitlines(), names)
        return [*lines[:at], *made, "", *lines[at:]]

    def classes(self, values):
        """The class of what is shared, where the style has one."""
        made = BOX.splitlines() if self.kind == "Box" else []
        fields = ["class Shared:"]
        if self.style == "dataclass":
            fields = ["@dataclass", "class Shared:"]
            for name, value in values.items():
                plain = value in ("0", "None", "False")
                fields.append(
                    f"    {name}: object = {value if plain else f'field(default_factory=lambda: {value})'}"
                )
        elif self.style in ("class", "slots"):
            if self.style == "slots":
                fields.append(f"    __slots__ = {tuple(values)!r}")
            fields += [
                "    def __init__(self):",
                *(f"        self.{name} = {value}" for name, value in values.items()),
            ]
        else:
            fields = []
        counts = [
            line for helper in self.helpers if "def count" in helper for line in helper.splitlines()
        ]
        return [*made, *counts, *fields]

    def as_names(self, values, names, checks, cells):
        """Globals, or cells of one function."""
        made = [f"{name} = {value}" for name, value in values.items()]
        word = "nonlocal" if cells else "global"
        declare = f"    {word} {', '.join(values)}"
        inside = []
        for helper in self.helpers:
            text = filled(helper.splitlines(), names)
            if "{n}" in helper:
                at = next(at for at, line in enumerate(text) if line.startswith("def ")) + 1
                text = [*text[:at], declare, *text[at:]]
            inside += text
        for number, body in enumerate(self.bodies):
            inside += [
                "",
                f"def work{number}():",
                declare,
                "    r = 0",
                *indented(filled(body, names)),
            ]
        before = BOX.splitlines() if self.kind == "Box" else []
        threads = f"THREADS = [{', '.join(f'work{n}' for n in range(len(self.bodies)))}]"
        counts = [
            line for helper in self.helpers if "def count" in helper for line in helper.splitlines()
        ]
        if cells:
            check = ["def safe():", *indented(checks)]
            whole = [
                "def setup():",
                "    global THREADS, safe",
                *indented([*counts, *made, *inside, "", threads, *check]),
            ]
            return "\n".join([*IMPORTS, *before, "", *whole, ""])
        whole = [
            *counts,
            *made,
            *inside,
            "",
            "def setup():",
            "    pass",
            "",
            threads,
            "",
            "def safe():",
            *indented(checks),
        ]
        return "\n".join([*IMPORTS, *before, "", *whole, ""])

    def safe(self, names):
        """The lines of safe(): print what is left, then judge it."""
        shown = f"print({names['n']}, {'list' if self.kind == 'Box' else ''}({names['i']}), end='')"
        adds = sum(line.strip() == "{n} += 1" for body in self.bodies for line in body)
        judge = self.pick(
            ["True", f"{names['n']} == {adds}", f"{names['n']} == {adds}", f"len({names['i']}) < 2"]
        )
        return [shown, f"return {judge}"]

    def as_script(self):
        """Threads that the program starts itself."""
        values = self.names()
        names = self.spelled("{}")
        made = [f"{name} = {value}" for name, value in values.items()]
        declare = f"    global {', '.join(values)}"
        counts = []
        inside = BOX.splitlines() if self.kind == "Box" else []
        for helper in self.helpers:
            text = filled(helper.splitlines(), names)
            if "{n}" in helper:
                at = next(at for at, line in enumerate(text) if line.startswith("def ")) + 1
                text = [*text[:at], declare, *text[at:]]
            inside += text
        for number, body in enumerate(self.bodies):
            inside += [
                "",
                f"def work{number}():",
                declare,
                "    r = 0",
                *indented(filled(body, names)),
            ]
        works = [f"work{number}" for number in range(len(self.bodies))]
        start = self.pick([self.plain, self.plain, self.subclass, self.pool, self.mapped])(works)
        shown = self.safe(names)[0]
        judge = self.safe(names)[1].replace("return", "assert")
        return "\n".join([*IMPORTS, *inside, "", *counts, *made, "", *start, shown, judge, ""])

    def plain(self, works):
        """Thread(target=…)."""
        return [
            f"threads = [threading.Thread(target=f) for f in ({', '.join(works)})]",
            "for t in threads: t.start()",
            "for t in threads: t.join()",
        ]

    def subclass(self, works):
        """A class with run()."""
        return [
            "class Worker(threading.Thread):",
            "    def __init__(self, job):",
            "        super().__init__()",
            "        self.job = job",
            "    def run(self):",
            "        self.job()",
            f"threads = [Worker(f) for f in ({', '.join(works)})]",
            *(["for t in threads: t.start()", "for t in threads: t.join()"]),
        ]

    def pool(self, works):
        """submit and result."""
        return [
            "from concurrent.futures import ThreadPoolExecutor",
            f"with ThreadPoolExecutor({self.pick([2, 2, 1])}) as pool:",
            f"    futures = [pool.submit(f) for f in ({', '.join(works)})]",
            "for future in futures:",
            "    future.result()",
        ]

    def mapped(self, works):
        """map over the functions."""
        return [
            "from concurrent.futures import ThreadPoolExecutor",
            "with ThreadPoolExecutor(2) as pool:",
            f"    list(pool.map(lambda f: f(), [{', '.join(works)}]))",
        ]


IMPORTS = (
    "import queue",
    "import threading",
    "import time",
    "from collections import Counter, defaultdict, deque",
    "from dataclasses import dataclass, field",
    "from types import SimpleNamespace",
)


def indented(lines, by=4):
    """Lines, further to the right."""
    return textwrap.indent("\n".join(lines), " " * by).splitlines()


def filled(lines, names):
    """{n}, {i}, {lock} … by their names."""
    return [line.format_map(names) for text in lines for line in text.split("\n")]


def program(seed):
    """The text of the program with this seed."""
    return Program(seed).text()


if __name__ == "__main__":
    import sys

    for word in sys.argv[1:]:
        print(f"# {word}\n{program(int(word))}")
