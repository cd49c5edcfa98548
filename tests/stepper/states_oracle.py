"""A second opinion on the search: small random programs in a language of their own, every
interleaving enumerated.

Nothing of the stepper is used.  A program is a list of threads, a thread a list of operations on
shared numbers, local numbers, locks and a list; here each atomic step is carried out on an
immutable state, and states are explored until none is new.  `source` writes the same program as
Python."""

import random

SHARED = ("x", "y")
LOCKS = ("a", "b")


def programs(seed, count):
    """Random programs: two threads, and sometimes three shorter ones."""
    dice = random.Random(seed)
    for _ in range(count):
        threads = 3 if dice.random() < 0.2 else 2
        yield [block(dice, 3 if threads == 2 else 1, 2) for _ in range(threads)]


def block(dice, length, depth):
    """Random operations; `depth` bounds nesting."""
    return [operation(dice, depth) for _ in range(dice.randint(1, length))]


def operation(dice, depth):
    """One random operation."""
    kinds = ["read", "write", "add", "append", "size", "check", "empty"] + [
        "lock",
        "if",
        "grab",
        "drop",
    ] * (depth > 0)
    kind, name = dice.choice(kinds), dice.choice(SHARED)
    if kind == "lock":
        return kind, dice.choice(LOCKS), block(dice, 2, depth - 1)
    if kind == "if":
        return kind, name, dice.randint(0, 2), block(dice, 1, depth - 1)
    if kind in ("grab", "drop"):
        return kind, dice.choice(LOCKS)
    return kind, name, dice.randint(1, 2)


def source(threads):
    """The program as Python."""
    lines = ["from threading import Lock", "from types import SimpleNamespace", "", "def setup():"]
    lines.append("    return SimpleNamespace(x=0, y=0, a=Lock(), b=Lock(), items=[])")
    for number, operations in enumerate(threads):
        lines += ["", f"def thread{number}(shared):", "    r = 0", *written(operations, "    ")]
    return "\n".join(
        [*lines, "", f"THREADS = [{', '.join(f'thread{n}' for n in range(len(threads)))}]", ""]
    )


def written(operations, indent):
    """Operations as Python lines."""
    for kind, name, *rest in operations:
        if kind == "lock":
            yield from (f"{indent}with shared.{name}:", *written(rest[0], indent + "    "))
        elif kind == "if":
            yield from (
                f"{indent}if shared.{name} == {rest[0]}:",
                *written(rest[1], indent + "    "),
            )
        else:
            number = rest[0] if rest else 0
            yield (
                indent
                + {
                    "read": f"r = shared.{name}",
                    "write": f"shared.{name} = r + {number}",
                    "add": f"shared.{name} += {number}",
                    "append": f"shared.items.append(r + {number})",
                    "size": "r = len(shared.items)",
                    "check": f"assert shared.{name} < {number + 1}",
                    "empty": f"if shared.items: shared.{name} = {number}",
                    "grab": f"shared.{name}.acquire()",
                    "drop": f"if shared.{name}.locked(): shared.{name}.release()",
                }[kind]
            )


def steps(operations):
    """Operations as atomic steps: ("step", argument, argument) with jumps as relative distances."""
    made = []
    for kind, name, *rest in operations:
        number = rest[0] if rest else 0
        if kind == "lock":
            made += [("acquire", name), *steps(number), ("release", name)]
        elif kind == "if":
            inside = steps(rest[1])
            made += [("unless", name, number, len(inside)), *inside]
        elif kind == "add":
            made += [("load", name), ("store", name, number)]
        elif kind == "empty":
            made += [("unless_items", 1), ("set", name, number)]
        elif kind == "drop":
            made += [("unless_locked", name, 1), ("release", name)]
        else:
            made.append(({"grab": "acquire"}.get(kind, kind), name, *rest))
    return made


def endings(threads):
    """Every (ending, shared values) that some interleaving reaches."""
    codes = [steps(operations) for operations in threads]
    start = (((0, 0, 0),) * len(codes), (("x", 0), ("y", 0), ("a", None), ("b", None)), ())
    found, seen, waiting = set(), {start}, [start]
    while waiting:
        state = waiting.pop()
        after = [
            move(codes[number], state, number)
            for number in range(len(codes))
            if able(codes[number], state, number)
        ]
        if not after:
            done = all(place[0] == len(code) for place, code in zip(state[0], codes, strict=True))
            found.add(("safe", *values(state)) if done else ("deadlock",))
        for following in after:
            if following == "broken":
                found.add(("broken",))
            elif following not in seen:
                seen.add(following)
                waiting.append(following)
    return found


def values(state):
    """Final shared values, locks by owner."""
    return *(value for _, value in state[1]), state[2]


def able(code, state, number):
    """Whether a thread can move."""
    at = state[0][number][0]
    if at == len(code):
        return False
    return code[at][0] != "acquire" or dict(state[1])[code[at][1]] is None


def move(code, state, number):
    """The state after one atomic step of a thread, or "broken"."""
    places, pairs, items = state
    (at, r, loaded), shared = places[number], dict(pairs)
    kind, *given = code[at]
    at += 1
    if kind == "acquire":
        shared[given[0]] = number
    elif kind == "release":
        if shared[given[0]] is None:
            return "broken"
        shared[given[0]] = None
    elif kind == "read":
        r = shared[given[0]]
    elif kind == "write":
        shared[given[0]] = r + given[1]
    elif kind == "load":
        loaded = shared[given[0]]
    elif kind == "store":
        shared[given[0]] = loaded + given[1]
    elif kind == "set":
        shared[given[0]] = given[1]
    elif kind == "append":
        items = (*items, r + given[1])
    elif kind == "size":
        r = len(items)
    elif kind == "check" and not shared[given[0]] < given[1] + 1:
        return "broken"
    else:
        at += jump(kind, given, shared, items)
    places = (*places[:number], (at, r, loaded), *places[number + 1 :])
    return places, tuple(shared.items()), items


def jump(kind, given, shared, items):
    """How many steps a condition skips."""
    if kind == "unless":
        return 0 if shared[given[0]] == given[1] else given[2]
    if kind == "unless_items":
        return 0 if items else given[0]
    if kind == "unless_locked":
        return 0 if shared[given[0]] is not None else given[1]
    return 0
