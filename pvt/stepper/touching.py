"""What a rewritten program calls before each access: is the thing shared, is it read or written?

Each function looks at the object itself: numbers and texts have nothing to touch; a container is
touched as a whole; an object by the name of its attribute; a generator by entering it.  Methods of
containers read or write by their name, an unknown one writes.  A function in C or of a library that
is not stepped counts as touching what it is handed, and the stage notes what was assumed."""

import array
import collections
import functools
import gc
import io
import itertools
import operator
import sys
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)

from pvt.stepper.engine import BEGIN, Op, stage
from pvt.stepper.stops import Stop

PLAIN, CONTAINER, VIEW, GENERATOR, ITERATOR, MODULE, CLASS, THING, OWN = range(9)
IMMUTABLE = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    range,
    slice,
    type(Ellipsis),
    frozenset,
    tuple,
)
CONTAINERS = (list, dict, set, collections.deque, bytearray, array.array, memoryview)
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), type(collections.OrderedDict().keys()),
         type(collections.OrderedDict().values()), type(collections.OrderedDict().items()))  # fmt: skip
ITERATORS = tuple(
    type(one) for one in (iter([]), iter({}), iter({}.values()), iter({}.items()), iter(set()), iter(""), iter(()),
    iter(range(1)), reversed([]), iter(collections.deque()), iter(b""), enumerate(()), zip(), map(int, ()),
    filter(int, ()), itertools.count(), itertools.cycle(()), itertools.chain(), itertools.islice((), 0),
    iter(bytearray()), iter(int, 1), itertools.repeat(1), reversed({}), reversed(()))
)  # fmt: skip
READING = set(
    [
        "get",
        "keys",
        "values",
        "items",
        "copy",
        "count",
        "index",
        "most_common",
        "elements",
        "total",
        "union",
        "difference",
        "intersection",
        "isdisjoint",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "find",
        "rfind",
        "decode",
        "hex",
        "startswith",
        "endswith",
        "tolist",
        "tobytes",
        "join",
        "split",
        "strip",
        "upper",
        "lower",
        "replace",
        "__len__",
        "__contains__",
        "__getitem__",
        "__iter__",
        "__bool__",
        "__eq__",
        "__ne__",
        "__repr__",
        "__str__",
        "__sizeof__",
        "__reversed__",
        "__format__",
        "__or__",
        "__and__",
        "__sub__",
        "__add__",
        "__mul__",
        "__lt__",
        "__gt__",
        "__le__",
        "__ge__",
        "rindex",
        "getvalue",
    ]
)
NEXT = "__next__"


class Kinds(dict):
    """Type → what it is."""

    def __missing__(self, kind):
        found = THING
        if getattr(kind, "__private__", False):
            found = PLAIN
        elif getattr(kind, "__stepped__", False):
            found = OWN
        elif issubclass(kind, CONTAINERS):
            found = CONTAINER
        elif issubclass(kind, VIEWS):
            found = VIEW
        elif kind is GeneratorType:
            found = GENERATOR
        elif issubclass(kind, ITERATORS):
            found = ITERATOR
        elif issubclass(kind, ModuleType):
            found = MODULE
        elif issubclass(kind, type):
            found = CLASS
        elif (
            kind in IMMUTABLE
            or (issubclass(kind, tuple) and not hasattr(kind, "__dict__"))
            or kind
            in (BuiltinFunctionType, MethodType, property, MappingProxyType, MethodWrapperType)
        ):
            found = PLAIN
        self[kind] = found
        return found


KINDS = Kinds()
FUNCTION_LIKE = (FunctionType, property, classmethod, staticmethod, BuiltinFunctionType, GetSetDescriptorType,
                 WrapperDescriptorType, type(str.join), MethodType)  # fmt: skip


def forget():
    """Between runs: the program's types are made afresh."""
    for kind in [kind for kind in KINDS if kind.__module__ not in ("builtins", "collections")]:
        del KINDS[kind]
    METHODS.clear()


METHODS = {}
"""Type → name → whether the class has a method or a property by that name."""


def is_method(kind, name):
    """Whether a class gives this name a function, so that no object's own value stands behind
    it."""
    known = METHODS.get(kind)
    if known is None:
        known = METHODS[kind] = {}
    found = known.get(name)
    if found is None:
        value = next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)
        data = isinstance(value, GetSetDescriptorType) and not name.startswith("__")
        found = known[name] = (
            isinstance(value, FUNCTION_LIKE) and not data and name not in stage.odd
        )
    return found


def ra(thing, name):
    """About to load an attribute; gives the object back."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind == THING:
        if not is_method(type(thing), name):
            stage.touch(thing, name, name, False)
            if name in stage.odd:
                class_touch(type(thing), name)
        elif name == "__dict__":
            fields(thing)
    elif kind == CLASS:
        class_fields(thing) if name == "__dict__" else class_touch(thing, name)
    elif kind == MODULE:
        module_touch(thing, name, False)
    elif (kind in (OWN, CONTAINER)) and hasattr(thing, "__dict__") and name in thing.__dict__:
        stage.touch(thing, name, name, False)
    return thing


def wa(thing, name):
    """About to store or delete an attribute; gives the object back."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind == PLAIN:
        return thing
    if kind == MODULE:
        module_touch(thing, name, True)
    elif kind == CLASS:
        if name not in stage.odd:
            stage.odd.add(name)
            stage.learned.add(f"class {name}")
        stage.touch(thing, name, name, True)
    else:
        if kind == THING and is_method(type(thing), name):
            value = next(
                (vars(each)[name] for each in type(thing).__mro__ if name in vars(each)), None
            )
            if not isinstance(value, (property, GetSetDescriptorType)):
                stage.odd.add(name)
                stage.learned.add(f"class {name}")
        if kind != OWN or name in getattr(thing, "__dict__", {}) or not hasattr(type(thing), name):
            stage.touch(thing, name, name, True)
    return thing


def class_touch(kind, name):
    """A read of something that a class holds: only where some class attribute of that name was seen
    to be stored."""
    if name in stage.odd:
        stage.touch(kind, name, name, False)
        for each in kind.__mro__[1:-1]:
            if name in vars(each):
                stage.touch(each, name, name, False)


def module_touch(module, name, write):
    """A global of a module, looked at from outside."""
    own = stage.modules.get(module.__name__)
    if own is module:
        at = f"{module.__name__}:{name}"
        stage.touch(stage, at, at, write)


def rn(name, token=None):
    """About to load a global, or a variable of an outer function."""
    if not stage.alone:
        stage.touch(token or stage, name, name, False)
    return True


def ws(value, name, token=None):
    """About to store a global, or a variable that inner functions see; gives the value."""
    if not stage.alone:
        stage.touch(token or stage, name, name, True)
    return value


class Token:
    """Stands for the variables of one call of a function."""

    __slots__ = ()


def scope():
    """At the beginning of a function whose variables inner functions see."""
    return Token()


# -- Python called on the way ----------------------------------------------------------------------


def carried(function, things, write, args, words=None):
    """Call a function in C that works on containers; what it calls of the program, others may come
    into."""
    within = stage.me.within
    size = len(within)
    within.extend((thing, write) for thing in things)
    try:
        return function(*args, **words) if words else function(*args)
    finally:
        del within[size:]


def entered():
    """A function of the program begins: where C code has called it, that is in the middle of its
    work."""
    if not stage.alone and stage.me.within:
        for thing, write in list(stage.me.within):
            whole(thing, write)
    return True


# -- containers ------------------------------------------------------------------------------------


def whole(thing, write):
    """About to read or write a container."""
    if type(thing) is memoryview and KINDS[type(thing.obj)] == CONTAINER:
        thing = thing.obj
    stage.touch(thing, None, type(thing).__name__, write)


def look(thing):
    """About to look into something: its truth, its items; gives it back."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind == CONTAINER:
        whole(thing, False)
    elif kind == VIEW:
        viewed(thing)
    elif type(thing) is MappingProxyType:
        look(gc.get_referents(thing)[0])
    elif kind == THING and is_library(type(thing)):
        outside(thing, False)
    return thing


DUNDERS = ("__getitem__", "__setitem__", "__len__", "__iter__", "__bool__", "__contains__")


def is_library(kind):
    """Whether a class that can be looked into is of a library that is not stepped."""
    known = METHODS.get(kind)
    if known is None:
        known = METHODS[kind] = {}
    found = known.get("library")
    if found is None:
        makers = [getattr(kind, name, None) for name in DUNDERS]
        found = any(isinstance(maker, FunctionType) and not is_ours(maker) for maker in makers)
        found = known["library"] = found and kind.__module__ not in QUIET_MODULES
    return found


def outside(thing, write):
    """A library's object is looked into or changed: in one step, which the result says."""
    name = f"{type(thing).__module__}.{type(thing).__name__}"
    stage.assume(name, f"what {name} does is one step")
    doubt(thing)
    deep(thing, write)


def matched(thing):
    """The subject of `match` in the body of a class: its patterns look into it once, which the
    result says."""
    if not stage.alone and KINDS[type(thing)] in (CONTAINER, VIEW):
        stage.assume("match", "the patterns of a match statement look at their subject in one step")
        doubt(thing)
    return look(thing)


SEQUENCE, MAPPING, ITSELF = 1 << 5, 1 << 6, 1 << 22
"""Flags of a type: what patterns take it for; the last one: `case int(x)` binds the object
itself."""
MISSING = object()


def is_sequence(thing):
    """Whether a pattern of the form [...] can fit."""
    return bool(type(thing).__flags__ & SEQUENCE)


def is_mapping(thing):
    """Whether a pattern of the form {...} can fit."""
    return bool(type(thing).__flags__ & MAPPING)


def measured(thing):
    """A pattern looks at the length."""
    return len(look(thing))


def parted(thing, size, after):
    """A pattern takes a sequence apart; `after`: so many items follow its star, None without
    one."""
    items = list(look(thing))
    least = size if after is None else size - 1
    if len(items) < least:
        at_least = "" if after is None else "at least "
        raise ValueError(
            f"not enough values to unpack (expected {at_least}{least}, got {len(items)})"
        )
    if after is None:
        if len(items) > size:
            raise ValueError(f"too many values to unpack (expected {size})")
        return items
    before, end = size - 1 - after, len(items) - after
    return [*items[:before], items[before:end], *items[end:]]


def keyed(thing, keys):
    """A pattern asks a mapping for its keys: their values, or None."""
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise ValueError(f"mapping pattern checks duplicate key ({key!r})")
    look(thing)
    values = [thing.get(key, MISSING) for key in keys]
    return None if any(value is MISSING for value in values) else values


def remaining(thing, keys):
    """What `**rest` stands for."""
    left = dict(look(thing))
    for key in keys:
        del left[key]
    return left


def instance(thing, kind, count, names):
    """A pattern of a class: the attributes that it asks for, one after the other, or None."""
    if not isinstance(kind, type):
        raise TypeError("called match pattern must be a class")
    if not isinstance(thing, kind):
        return None
    found = []
    if count:
        given = getattr(kind, "__match_args__", None)
        if given is None and kind.__flags__ & ITSELF:
            given, found = (None,), [thing]
        elif given is None:
            given = ()
        if count > len(given):
            many = f"{len(given)} positional sub-pattern{'s' * (len(given) != 1)}"
            raise TypeError(f"{kind.__name__}() accepts {many} ({count} given)")
        names = (*given[len(found) : count], *names)
    try:
        return found + [got(thing, name) for name in names]
    except AttributeError:
        return None


def doubt(thing):
    """Something is taken for one step that others may see in parts, if they meet there: then
    nothing is proved."""
    labels = getattr(thing, "__dict__", None) or [type(thing).__name__]
    if not stage.hot.isdisjoint(labels):
        stage.doubts.add(type(thing).__name__)


def viewed(view):
    """A view is a read of the dict that it shows."""
    owner = stage.alias.get(id(view))
    if owner is not None:
        whole(owner[1], False)
    else:
        stage.touch(view, None, "dict", False)


def deep(thing, write=False, depth=3, seen=None):
    """About to walk over a container and what it holds."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind in (PLAIN, CLASS, MODULE) and type(thing) not in (tuple, frozenset):
        return thing
    seen = set() if seen is None else seen
    if id(thing) in seen or depth == 0:
        return thing
    seen.add(id(thing))
    if kind == CONTAINER:
        whole(thing, write)
        inside = [*thing.values(), *thing] if isinstance(thing, dict) else thing
        if not isinstance(thing, (bytearray, array.array, memoryview)):
            for each in list(inside):
                if KINDS[type(each)] != PLAIN or type(each) is tuple:
                    deep(each, write, depth - 1, seen)
    elif kind == VIEW:
        viewed(thing)
    elif type(thing) in (tuple, frozenset):
        for each in thing:
            deep(each, write, depth - 1, seen)
    elif kind == THING:
        for name in list(getattr(thing, "__dict__", ())):
            stage.touch(thing, name, name, write)
            deep(thing.__dict__.get(name), write, depth - 1, seen)
    return thing


def shown(thing):
    """About to be written as text; gives it back."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind == PLAIN and type(thing) is not tuple:
        return thing
    if kind == THING and own_text(type(thing)):
        return thing
    return deep(thing)


def own_text(kind):
    """Whether a class writes its text by functions of the program, or shows no fields at all."""
    for name in ("__str__", "__repr__"):
        maker = getattr(kind, name, None)
        if isinstance(maker, FunctionType) and not is_ours(maker):
            return False
    return True


def item(thing, key):
    """Load an item."""
    if not stage.alone:
        kind = KINDS[type(thing)]
        if kind == CONTAINER:
            whole(thing, isinstance(thing, collections.defaultdict) and key not in thing)
            named = stage.alias.get(id(thing))
            if named is not None:
                stage.touch(named[1], key, key, False)
            if type(key) not in IMMUTABLE or type(thing) not in (list, dict):
                return carried(operator.getitem, (thing,), True, (thing, key))
        elif kind == THING and is_library(type(thing)):
            outside(thing, False)
        elif type(thing) is MappingProxyType:
            named = stage.alias.get(id(thing))
            if named is not None:
                class_touch(named[1], key)
            else:
                look(thing)
    return thing[key]


class Slot:
    """Stands for `o[k]` where it is stored or deleted."""

    __slots__ = ("key", "thing")

    def __init__(self, thing, key):
        self.thing, self.key = thing, key

    @property
    def it(self):
        return item(self.thing, self.key)

    @it.setter
    def it(self, value):
        if not stage.alone and KINDS[type(self.thing)] == CONTAINER:
            named = stage.alias.get(id(self.thing))
            whole(self.thing, True)
            if named is not None:
                stage.touch(named[1], self.key, self.key, True)
            carried(operator.setitem, (self.thing,), True, (self.thing, self.key, value))
            return
        if not stage.alone and KINDS[type(self.thing)] == THING and is_library(type(self.thing)):
            outside(self.thing, True)
        self.thing[self.key] = value

    @it.deleter
    def it(self):
        if not stage.alone and KINDS[type(self.thing)] == CONTAINER:
            whole(self.thing, True)
            carried(operator.delitem, (self.thing,), True, (self.thing, self.key))
            return
        if not stage.alone and KINDS[type(self.thing)] == THING and is_library(type(self.thing)):
            outside(self.thing, True)
        del self.thing[self.key]


class Begun:
    """`o.a += …` or `o[k] += …` after its read: the operation and the write follow."""

    __slots__ = ("key", "thing", "value")

    def __init__(self, thing, key, value):
        self.thing, self.key, self.value = thing, key, value


class AttributeBegun(Begun):
    """Of an attribute."""

    def done(self, operation, value):
        """Join and store."""
        made = operation(self.value, value)
        setattr(wa(self.thing, self.key), self.key, made)


class ItemBegun(Begun):
    """Of an item."""

    def done(self, operation, value):
        """Join and store."""
        Slot(self.thing, self.key).it = operation(self.value, value)


def augment_attribute(thing, name):
    """The read of `o.a += …`."""
    return AttributeBegun(thing, name, getattr(ra(thing, name), name))


def augment_item(thing, key):
    """The read of `o[k] += …`."""
    return ItemBegun(thing, key, item(thing, key))


def joined(operation):
    """A binary operator that looks into its operands first."""

    def join(left, right):
        if not stage.alone:
            operand(left)
            operand(right)
            held = [each for each in (left, right) if KINDS[type(each)] == CONTAINER]
            if held:
                return carried(operation, held, False, (left, right))
        return operation(left, right)

    return join


def operand(thing):
    """About to be added, compared …"""
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW):
        look(thing)
    elif type(thing) is tuple:
        deep(thing)
    elif kind == THING and foreign_operators(type(thing)):
        deep(thing, depth=2)


def foreign_operators(kind):
    """Whether a class compares by a function that is not the program's own (a dataclass)."""
    known = METHODS.get(kind)
    if known is None:
        known = METHODS[kind] = {}
    found = known.get("== foreign")
    if found is None:
        maker = getattr(kind, "__eq__", None)
        found = known["== foreign"] = isinstance(maker, FunctionType) and not is_ours(maker)
    return found


def into(operation):
    """An augmented operator: the left side is written if it is a container."""

    def join(left, right):
        if not stage.alone:
            if KINDS[type(left)] == CONTAINER:
                operand(right)
                whole(left, True)
                return carried(operation, (left,), True, (left, given(right)))
            else:
                operand(left)
                operand(right)
        return operation(left, right)

    return join


def contains(item_, thing):
    """`x in c`."""
    if not stage.alone:
        look(thing)
        if KINDS[type(thing)] in (GENERATOR, ITERATOR):
            thing = walked(thing)
        elif KINDS[type(thing)] == CONTAINER:
            return carried(operator.contains, (thing,), False, (thing, item_))
    return item_ in thing


def lacks(item_, thing):
    """`x not in c`."""
    return not contains(item_, thing)


# -- iteration -------------------------------------------------------------------------------------


class Walk:
    """An iterator that tells the stage before each step."""

    __slots__ = ("real", "thing")
    __stepped__ = True

    def __init__(self, real, thing):
        self.real, self.thing = real, thing

    def __iter__(self):
        return self

    def __next__(self):
        if not stage.alone:
            thing = self.thing
            if thing is not None:
                look(thing)
            stage.touch(self.real, NEXT, "iterator", True)
        return next(self.real)

    def __length_hint__(self):
        return operator.length_hint(self.real)

    def __reduce__(self):
        return self.real.__reduce__()


def walked(thing):
    """What a loop walks over: containers and iterators tell the stage at each step."""
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW):
        look(thing)
        return Walk(iter(thing), thing)
    if kind == GENERATOR:
        return Entered(thing)
    if kind == ITERATOR:
        return Walk(thing, None)
    return thing


class Entered:
    """A generator that tells the stage before each step."""

    __slots__ = ("real",)
    __stepped__ = True

    def __init__(self, real):
        self.real = real

    def __iter__(self):
        return self

    def __next__(self):
        if not stage.alone:
            enter(self.real)
        return next(self.real)


def enter(generator):
    """About to go on in a generator: it must not be running elsewhere."""
    stage.touch(frame_key(generator), NEXT, "generator", True)


def frame_key(generator):
    """The frame of a generator stands for it: its own body knows that, too."""
    known = stage.alias.get(id(generator))
    if known is None:
        frame = generator.gi_frame
        known = stage.alias[id(generator)] = (generator, generator if frame is None else frame)
    return known[1]


def resumed(value):
    """Inside a generator, after it was entered: others may come while it runs."""
    if not stage.alone:
        stage.touch(sys._getframe(1), NEXT, "generator", True)
        entered()
    return value


def delegated(thing):
    """`yield from`: generators stay what they are."""
    return walked(thing) if KINDS[type(thing)] in (CONTAINER, VIEW, ITERATOR) else thing


# -- calls -----------------------------------------------------------------------------------------


def called(function):
    """About to call something: gives it, or what tells the stage first."""
    if stage.alone:
        return function
    kind = type(function)
    if kind is FunctionType:
        return function if is_ours(function) else foreign(function)
    if kind is MethodType:
        return called_method(function)
    if kind is type:
        special = SPECIAL.get(function)
        if special is not None:
            return special
        return function if isinstance(function.__init__, FunctionType) else reading(function)
    if kind in GETTERS:
        return GETTERS[kind](*function.__reduce__()[1])
    if kind is BuiltinFunctionType:
        return called_builtin(function)
    if kind is MethodWrapperType or kind is WrapperDescriptorType or kind is type(str.join):
        return descriptor(function)
    if kind is functools.partial:
        inner = called(function.func)
        return (
            function
            if inner is function.func
            else functools.partial(inner, *function.args, **function.keywords)
        )
    return SPECIAL.get(function, function) if issubclass(kind, type) else function


def is_ours(function):
    """Whether a function is rewritten, or a stand-in."""
    return function.__code__.co_filename in stage.lines_of or (
        function.__module__ or ""
    ).startswith("pvt.stepper")


def called_method(method):
    """A bound method: of a class of the program, or of the library."""
    function = method.__func__
    if type(function) is not FunctionType or is_ours(function):
        return method
    owner = method.__self__
    if KINDS[type(owner)] == OWN or isinstance(owner, type):
        return method
    return foreign(method)


def foreign(function):
    """A function of a library that is not stepped: it may do anything to what it is handed."""
    module = getattr(function, "__module__", "") or ""
    name = getattr(function, "__qualname__", "?")
    if module in QUIET_MODULES or name in QUIET_NAMES:
        return function
    if module.startswith("asyncio."):  # its loop is stepped: what it is handed, it reads at once
        return reading(function)

    def call(*args, **words):
        owner = getattr(function, "__self__", None)
        held = [
            each
            for each in (owner, *args, *words.values())
            if KINDS[type(each)] in (CONTAINER, THING, VIEW)
        ]
        if held:
            stage.assume(f"{module}.{name}", f"{module}.{name}() is one step")
            for each in held:
                doubt(each)
                changes = (
                    each is owner and is_library(type(each)) and function.__name__ not in READING
                )
                deep(each, write=changes or KINDS[type(each)] == CONTAINER)
        return function(*args, **words)

    return call


QUIET_MODULES = {"typing", "abc", "enum", "_weakrefset", "warnings", "pvt"}
QUIET_NAMES = {"namedtuple", "wraps", "update_wrapper", "dataclass", "field"}


def called_builtin(function):
    """A function or a method in C."""
    special = (
        SPECIAL.get(function)
        if function.__self__ is None or type(function.__self__) is ModuleType
        else None
    )
    if special is not None:
        return special
    owner = function.__self__
    if owner is None or type(owner) is ModuleType:
        return (
            reading(function)
            if getattr(owner, "__name__", "") in READ_MODULES
            else touching(function)
        )
    kind = KINDS[type(owner)]
    if kind == CONTAINER:
        return method(function, owner)
    if kind in (GENERATOR, ITERATOR):
        return generator_method(function, owner)
    if kind == CLASS:
        return chained if function.__name__ == "from_iterable" else reading(function)
    if kind == PLAIN:
        named = stage.alias.get(id(owner))
        if type(owner) is MappingProxyType:
            look(owner) if named is None else class_fields(named[1])
        if type(owner) is str and function.__name__ in ("format", "format_map"):
            return texted(function)
        return reading(function) if type(owner) in (str, bytes) else function
    if type(owner) in (io.StringIO, io.BytesIO):
        return method(function, owner)
    if kind == THING and type(owner).__module__ not in READ_MODULES | {
        "decimal",
        "pathlib",
        "io",
        "_io",
    }:
        return unknown_method(function, owner)
    return function


def unknown_method(function, owner):
    """A method in C of an object of which nothing is known: it writes it."""

    def call(*args, **words):
        stage.touch(owner, None, type(owner).__name__, True)
        return function(*[given(each) for each in args], **words)

    return call


def method(function, owner):
    """A method of a container: one access, by its name a read or a write."""
    name = function.__name__
    write = name not in READING and not (isinstance(owner, (bytes, str)))

    def call(*args, **words):
        args = [given(each) for each in args]
        if name == "__getitem__" and isinstance(owner, collections.defaultdict):
            whole(owner, True)
        else:
            whole(owner, write)
        made = carried(function, (owner,), write, args, words)
        if name in ("keys", "values", "items") and isinstance(owner, dict):
            stage.alias[id(made)] = (made, owner)
        return made

    return call


def given(thing):
    """An argument of a function in C that reads it."""
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW):
        return look(thing)
    if kind == GENERATOR:
        return Entered(thing)
    return thing


def generator_method(function, owner):
    """next, send, throw, close of a generator or an iterator."""
    name = function.__name__
    if name not in ("__next__", "send", "throw", "close"):
        return function

    def call(*args):
        if KINDS[type(owner)] == GENERATOR:
            enter(owner)
        else:
            stage.touch(owner, NEXT, "iterator", True)
        return function(*args)

    return call


def reading(function):
    """A function in C that reads what it is handed."""

    def call(*args, **words):
        if not stage.alone:
            args = [given(each) for each in args]
        return function(*args, **words)

    return call


def touching(function):
    """A function in C of which nothing is known: it writes the containers that it is handed."""

    def call(*args, **words):
        held = [each for each in (*args, *words.values()) if KINDS[type(each)] in (CONTAINER, VIEW)]
        for each in held:
            name = f"{getattr(function, '__module__', '')}.{function.__name__}"
            stage.assume(name, f"{name}() is one step")
            doubt(each)
            deep(each, write=True)
        return carried(
            function, [each for each in held if KINDS[type(each)] == CONTAINER], True, args, words
        )

    return call


def descriptor(function):
    """list.append(items, 1), or items.__len__(): as the method."""
    name = function.__name__
    bound = type(function) is MethodWrapperType

    def call(*args, **words):
        owner = function.__self__ if bound else (args[0] if args else None)
        kind = KINDS[type(owner)]
        if kind == CONTAINER:
            for each in args if bound else args[1:]:
                given(each)
            whole(owner, name not in READING)
        elif kind == GENERATOR and name == NEXT:
            enter(owner)
        elif kind == THING and name in ("__getattribute__", "__setattr__", "__delattr__"):
            at = args[0 if bound else 1]
            (ra if name == "__getattribute__" else wa)(owner, at)
        return function(*args, **words)

    return call


def stepwise(function):
    """A lazy iterator over others: enumerate, zip, map …: each step of it is a step of them."""

    def call(*args, **words):
        if function in (map, filter) and args and args[0] is not None:
            args = (called(args[0]), *args[1:])
        return function(*(walked(each) for each in args), **words)

    return call


def iterated(*args):
    """iter()."""
    return walked(args[0]) if len(args) == 1 and KINDS[type(args[0])] != THING else iter(*args)


def nexted(thing, *default):
    """next()."""
    kind = KINDS[type(thing)]
    if not stage.alone:
        if kind == GENERATOR:
            enter(thing)
        elif kind == ITERATOR:
            stage.touch(thing, NEXT, "iterator", True)
    return next(thing, *default)


def got(thing, name, *default):
    """getattr()."""
    return getattr(ra(thing, name), name, *default)


def has(thing, name):
    """hasattr()."""
    return hasattr(ra(thing, name), name)


def put(thing, name, value):
    """setattr()."""
    setattr(wa(thing, name), name, value)


def dropped(thing, name):
    """delattr()."""
    delattr(wa(thing, name), name)


def fields(*things):
    """vars(thing): the dict stands for the object's attributes."""
    made = vars(*things)
    if things and isinstance(made, dict):
        thing = things[0]
        for name in list(made):
            stage.touch(thing, name, name, False)
        stage.alias[id(made)] = (made, thing)
    elif things and isinstance(made, MappingProxyType):
        class_fields(things[0])
        stage.alias[id(made)] = (made, things[0])
    return made


def class_fields(kind):
    """All that a class holds is looked at."""
    for name in list(vars(kind)):
        class_touch(kind, name)


def texted(function):
    """str(), repr(), format(), print(): walks over what it shows."""

    def call(*args, **words):
        for each in args:
            shown(each)
        return function(*args, **words)

    return call


def sequenced(function):
    """any(), sum(), list() …: one read of a container, many steps of an iterator."""

    def call(*args, **words):
        if "key" in words:
            words["key"] = called(words["key"])
        held = [each for each in args if KINDS[type(each)] == CONTAINER]
        return carried(function, held, False, [given(each) for each in args], words)

    return call


READ_MODULES = {
    "builtins",
    "math",
    "time",
    "_operator",
    "itertools",
    "_struct",
    "_json",
    "_functools",
    "sys",
    "re",
}
READ_MODULES |= {
    "_sre",
    "datetime",
    "_datetime",
    "binascii",
    "zlib",
    "_sha2",
    "_md5",
    "_hashlib",
    "_string",
    "_codecs",
    "posix",
}


def heap(function):
    """heapq and bisect.insort: the first argument is written."""

    def call(things, *args, **words):
        whole(things, True)
        return carried(function, (things,), True, (things, *args), words)

    return call


def chained(things):
    """chain.from_iterable()."""
    for each in walked(things):
        yield from walked(each)


def attributes(*names):
    """operator.attrgetter: each part of a dotted name is a step."""

    def call(thing):
        found = tuple(functools.reduce(got, name.split("."), thing) for name in names)
        return found if len(found) > 1 else found[0]

    return call


def items(*keys):
    """operator.itemgetter."""

    def call(thing):
        found = tuple(item(thing, key) for key in keys)
        return found if len(found) > 1 else found[0]

    return call


def calling(name, *args, **words):
    """operator.methodcaller."""
    return lambda thing: called(got(thing, name))(*args, **words)


GETTERS = {
    operator.attrgetter: attributes,
    operator.itemgetter: items,
    operator.methodcaller: calling,
}


def stored(thing, key, value):
    """operator.setitem()."""
    Slot(thing, key).it = value


def deleted(thing, key):
    """operator.delitem()."""
    del Slot(thing, key).it


def operators():
    """The functions of the module operator, each as the operator that it stands for."""
    known = {operator.getitem: item, operator.setitem: stored, operator.delitem: deleted}
    known |= {operator.contains: lambda thing, each: contains(each, thing)}
    for plain, augmented in FORWARD.values():
        known |= {plain: joined(plain), augmented: into(augmented)}
    return known | {operation: joined(operation) for operation in COMPARE.values()}


def special():
    """Builtins of which it is known what they touch."""
    import _bisect
    import _heapq

    pure = (isinstance, issubclass, callable, id, hash, chr, ord, type, super, range, object, slice, property, open,
            staticmethod, classmethod, int, float, bool, complex, abs, divmod, pow, round, bin, hex, oct, input)  # fmt: skip
    known = {each: each for each in pure}
    known |= {bool: sequenced(bool), int: int, float: float}
    known |= {each: sequenced(each) for each in (len, any, all, sum, list, tuple, set, frozenset, dict, min, max, sorted,
              bytearray, bytes, collections.deque, collections.Counter, array.array)}  # fmt: skip
    known |= {each: stepwise(each) for each in (enumerate, zip, map, filter, reversed, itertools.chain, itertools.islice,
              itertools.cycle, itertools.takewhile, itertools.dropwhile, itertools.accumulate)}  # fmt: skip
    lazy = [each for each in vars(itertools).values() if isinstance(each, type)]
    known |= {each: stepwise(each) for each in lazy if each not in known}
    known |= {each: texted(each) for each in (str, repr, format, ascii)}
    known |= {
        iter: iterated,
        next: nexted,
        getattr: got,
        hasattr: has,
        setattr: put,
        delattr: dropped,
        vars: fields,
    }
    known |= {
        getattr(_heapq, name): heap(getattr(_heapq, name))
        for name in dir(_heapq)
        if name.startswith("heap")
    }
    known |= {
        getattr(_bisect, name): heap(getattr(_bisect, name))
        for name in dir(_bisect)
        if name.startswith("ins")
    }
    return known


SPECIAL = special()
FORWARD = {
    "add": (operator.add, operator.iadd), "sub": (operator.sub, operator.isub), "mul": (operator.mul, operator.imul),
    "truediv": (operator.truediv, operator.itruediv), "floordiv": (operator.floordiv, operator.ifloordiv),
    "mod": (operator.mod, operator.imod), "pow": (operator.pow, operator.ipow),
    "lshift": (operator.lshift, operator.ilshift), "rshift": (operator.rshift, operator.irshift),
    "or": (operator.or_, operator.ior), "xor": (operator.xor, operator.ixor), "and": (operator.and_, operator.iand),
    "matmul": (operator.matmul, operator.imatmul),
}  # fmt: skip
COMPARE = {name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")}


SPECIAL |= operators()


# -- loops -----------------------------------------------------------------------------------------

SAME_ROUNDS = 2


def round_(loop, line):
    """At the beginning of each round of a `while`: one that changes nothing waits until somebody
    changes something."""
    stage.still_here()
    if stage.alone:
        return
    me = stage.me
    now = stage.changes - me.own
    state = me.rounds.get(loop)
    if state is None:
        me.rounds[loop] = [now, 0, None, None]
        return
    if state[0] != now:
        state[0], state[1] = now, 0
        state[2] = state[3] = None
        return
    state[1] += 1
    if state[1] < SAME_ROUNDS:
        return
    frame = sys._getframe(1)
    values = [value for name, value in frame.f_locals.items() if name[0] != "@"]
    if state[2] is not frame or not same(state[3], values):
        state[2], state[3] = frame, values
        return
    state[1], state[2], state[3] = 0, None, None
    ready = lambda: stage.changes - me.own != now  # noqa: E731
    stage.point(
        Op(
            None,
            "spin",
            False,
            None,
            ready,
            lambda: f"waiting in the loop of line {line} for a change",
        )
    )


def same(before, now):
    """Whether two lists hold the same objects."""
    return len(before) == len(now) and all(
        one is other for one, other in zip(before, now, strict=True)
    )


def opened(value):
    """In the world of this interpreter: others may come in after a call; gives its result."""
    stage.me.open = True
    return value


def back():
    """The same at the beginning of a function, or of a round of a loop."""
    stage.me.open = True


def names():
    """The functions that a rewritten program calls, by the names that it calls them by."""
    made = {
        "@ra": ra,
        "@wa": wa,
        "@rn": rn,
        "@ws": ws,
        "@scope": scope,
        "@t": look,
        "@m": matched,
        "@u": spread,
        "@s": shown,
        "@ms": is_sequence,
        "@mm": is_mapping,
        "@ml": measured,
        "@mu": parted,
        "@mk": keyed,
        "@mr": remaining,
        "@mc": instance,
    }
    made |= {
        "@item": item,
        "@slot": Slot,
        "@slice": slice,
        "@aa": augment_attribute,
        "@ai": augment_item,
    }
    made |= {
        "@it": walked,
        "@f": called,
        "@y": resumed,
        "@yf": delegated,
        "@round": round_,
        "@o": opened,
    }
    made |= {"@in": entered, "@back": back, "@bin": contains, "@bnotin": lacks}
    for name, (plain, augmented) in FORWARD.items():
        made |= {f"@b{name}": joined(plain), f"@i{name}": into(augmented)}
    return made | {f"@b{name}": joined(operation) for name, operation in COMPARE.items()}


def spread(thing):
    """About to be unpacked."""
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind in (GENERATOR, ITERATOR):
        return walked(thing)
    return look(thing)


__all__ = ["BEGIN", "Stop", "forget", "names"]
