"""What a rewritten program calls for its calls: what a function in C, or of a library, does to
what it is handed."""

import _string
import array
import collections
import contextlib
import functools
import gc
import itertools
import operator
import os
import string
import weakref
from types import (
    BuiltinFunctionType,
    FunctionType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)

from pvt.stepper import effects, files, lives, settings
from pvt.stepper.clocks import ASKS
from pvt.stepper.engine import stage
from pvt.stepper.iteration import Walk, enter, given, iterated, nexted, spread, turned, walked
from pvt.stepper.kinds import (
    CLASS,
    CONTAINER,
    GENERATOR,
    ITERATOR,
    KINDS,
    MIXINS,
    NEXT,
    OWN,
    PLAIN,
    QUIET_MODULES,
    QUIET_NAMES,
    READING,
    STREAMS,
    THING,
    VIEW,
    is_foreign,
    is_library,
    is_ours,
)
from pvt.stepper.operators import (
    COMPARE,
    FORWARD,
    Slot,
    compared,
    contains,
    examined,
    into,
    item,
    joined,
)
from pvt.stepper.touching import (
    carried,
    class_fields,
    dated,
    deep,
    doubt,
    fields,
    has_parts,
    look,
    named,
    ra,
    shown,
    taken,
    wa,
    whole,
)


def called(function):
    """About to call something: gives it, or what tells the stage first."""
    if stage.alone:
        hashable = isinstance(function, type) or type(function) is BuiltinFunctionType
        return FROM_THE_BEGINNING.get(function, function) if hashable else function
    kind = type(function)
    if kind is FunctionType:
        return function if is_ours(function) else foreign(function)
    if kind is MethodType:
        return called_method(function)
    if kind is type:
        special = SPECIAL.get(function)
        if special is not None:
            return special
        if not isinstance(function.__init__, FunctionType):
            return reading(function)
        return function if is_ours(function.__init__) else making(function)
    if issubclass(kind, weakref.ReferenceType):
        return lives.called(function)
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
    if issubclass(kind, type):
        return SPECIAL.get(function, function)
    if KINDS[kind] == THING and isinstance(kind.__call__, WrapperDescriptorType):
        return touching(function)  # a callable object written in C, as numpy's functions are
    if KINDS[kind] == THING and type(kind.__call__) is FunctionType and not is_ours(kind.__call__):
        return foreign(function.__call__)  # one of a library, as mocks are
    return function


def called_method(method):
    """A bound method: of a class of the program, or of the library."""
    function = method.__func__
    if type(function) is not FunctionType or is_ours(function):
        return method
    owner = method.__self__
    if type(owner) in lives.WEAK:
        return lives.method(method)
    if KINDS[type(owner)] == OWN or isinstance(owner, type):
        return method
    return foreign(method)


def foreign(function):
    """A function of a library that is not stepped: it may do anything to what it is handed."""
    module = getattr(function, "__module__", "") or ""
    name = getattr(function, "__qualname__", "?")
    if (write := settings.sets(function)) is not None:
        return settings.told(function, write)
    if function is os.getenv:
        return called(os.environ.get)
    if module in QUIET_MODULES or name in QUIET_NAMES:
        return function
    owner = getattr(function, "__self__", None)
    if module == MIXINS and owner is not None and not is_library(type(owner)):
        if function.__name__ in KEEPING:
            return function  # it calls the program's methods alone
        owner = None
    if (registry := registry_of(function)) is not None:
        return generic(function, registry)
    if files.is_about_files(function):
        return files.worked(function)
    inner = getattr(function, "__wrapped__", None)
    if type(inner) is FunctionType and is_ours(inner) and is_of(function, contextlib):
        return function  # a context manager of the program's: its steps are stepped
    if type(inner) is BuiltinFunctionType and files.is_file(type(inner.__self__)):
        return files.method(function)  # that of a file which tempfile has wrapped
    if module.startswith("asyncio."):  # its loop is stepped: what it is handed, it reads at once
        return reading(function)

    def call(*args, **words):
        on_disk = files.begins(f"{module}.{name}") or type(owner) in files.kinds
        if type(owner) in files.kinds:
            handed(owner, f"{module}.{name}")
        args = [called(each) if is_bound(each) else each for each in args]
        held = [
            each
            for each in (owner, *args, *words.values())
            if KINDS[type(each)] in (CONTAINER, THING, VIEW)
        ]
        if held:
            stage.assume(f"{module}.{name}", f"{module}.{name}() is one step")
            for each in held:
                if files.is_file(type(each)):
                    handed(each, f"{module}.{name}")
                doubt(each)
                changes = (
                    each is owner and is_library(type(each)) and function.__name__ not in READING
                )
                deep(each, write=changes or KINDS[type(each)] == CONTAINER)
        made = effects.seen(function, owner, f"{module}.{name}", args, words)
        return files.made(made) if on_disk else made

    return call


def registry_of(function):
    """What functools.singledispatch has written for a function to call or to enlarge: its
    implementations by class; None for all others."""
    if not is_of(function, functools) or "singledispatch.<locals>" not in (
        function.__code__.co_qualname
    ):
        return None
    held = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if "registry" in held:
        return held["registry"].cell_contents
    return registry_of(held["dispatch"].cell_contents) if "dispatch" in held else None


def generic(function, registry):
    """A look for the implementation that fits, or one more of them."""

    def call(*args, **words):
        whole(registry, function.__code__.co_name == "register")
        return function(*args, **words)

    return call


def is_of(function, module):
    """Whether a function was written in a module of the library."""
    return getattr(function, "__code__", None) and function.__code__.co_filename == module.__file__


def is_bound(thing):
    """Whether a thing is a method in C of a container, which a library may call later."""
    return type(thing) is BuiltinFunctionType and KINDS[type(thing.__self__)] == CONTAINER


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
        if function.__name__ in files.SYSTEM and getattr(owner, "__name__", "") in SYSTEMS:
            return files.worked(function)
        if (write := settings.sets(function)) is not None:
            return settings.told(function, write)
        reads = getattr(owner, "__name__", "") in READ_MODULES and function.__name__ != "pack_into"
        return reading(function) if reads else touching(function)
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
            return formatting(owner, function.__name__ == "format_map")
        if function.__name__ == "join":
            return asking(function)
        return reading(function) if type(owner) in (str, bytes) else function
    if type(owner) in STREAMS:
        return method(function, owner)
    if files.is_file(type(owner)):
        return files.method(function)
    if reads_state(function.__name__, owner):
        return stated(function, owner)
    if kind == THING and type(owner).__module__ not in UNCHANGED:
        return unknown_method(function, owner)
    return function


STATE = {"__reduce_ex__", "__reduce__", "__getstate__", "__dir__"}
"""Methods that read all fields of an object, as copy() does."""


def reads_state(name, owner):
    """Whether a call of this method reads the fields of an object."""
    return name in STATE and KINDS[type(owner)] == THING and hasattr(owner, "__dict__")


def stated(function, owner):
    """Such a method."""

    def call(*args):
        fields(owner)
        return function(*args)

    return call


def unknown_method(function, owner):
    """A method in C of an object of which nothing is known: it writes it."""

    def call(*args, **words):
        stage.touch(owner, None, type(owner).__name__, True)
        if type(owner) in files.kinds or writes_to_file(owner):
            handed(owner, f"{type(owner).__name__}.{function.__name__}")
        args = [deep(each) if KINDS[type(each)] == CONTAINER else given(each) for each in args]
        return carried(function, (owner,), True, args, words)

    return call


def handed(thing, name):
    """A call works on an open file, or on a database: in one step, as the result says."""
    files.one_step(name)
    files.touch(True)


def writes_to_file(thing):
    """Whether an object in C holds an open file, or a method of one, as csv's writers do."""
    return any(
        files.is_file(type(each)) or files.is_file(type(getattr(each, "__self__", None)))
        for each in gc.get_referents(thing)
    )


KEEPING = {"append", "appendleft", "insert", "add", "setdefault", "put", "get", "pop", "discard"}
KEEPING |= {"remove", "index", "count", "__setitem__", "__getitem__", "__delitem__", "__contains__"}
"""Methods of containers that do not walk over what they are handed."""


def method(function, owner):
    """A method of a container: one access, by its name a read or a write."""
    name = function.__name__
    write = name not in READING and not (isinstance(owner, (bytes, str)))

    def call(*args, **words):
        args = args if name in KEEPING else [given(each) for each in args]
        if name == "__getitem__" and isinstance(owner, collections.defaultdict):
            whole(owner, True)
        else:
            whole(owner, write)
        if name in ("index", "count", "remove") and isinstance(owner, (list, collections.deque)):
            held_by([*owner, *args])
        if name == "sort" and isinstance(owner, list):
            words["key"] = ordered_by(words.get("key"), owner)
        if id(owner) in stage.alias:
            named(owner, keys_of(name, owner, args, words), write)
        return carried(function, (owner,), write, args, words)

    return call


def keys_of(name, owner, args, words):
    """The keys that a method of a dict uses."""
    if name in ("get", "pop", "setdefault", "__getitem__", "__contains__", "__delitem__"):
        return args[:1]
    if name == "update":
        return [*words, *(args[0] if args and isinstance(args[0], dict) else owner)]
    return None


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


def making(kind):
    """A class of a library: what makes an object of it may work on files."""

    def call(*args, **words):
        on_disk = files.begins(f"{kind.__module__}.{kind.__qualname__}")
        return files.made(kind(*args, **words)) if on_disk else kind(*args, **words)

    return call


def touching(function):
    """A function in C of which nothing is known: it writes the containers that it is handed."""
    named = getattr(function, "__name__", type(function).__name__)  # or a callable object
    name = f"{getattr(function, '__module__', '')}.{named}"

    def call(*args, **words):
        on_disk = files.begins(name)
        held = [each for each in (*args, *words.values()) if is_held(each)]
        for each in held:
            stage.assume(name, f"{name}() is one step")
            if files.is_file(type(each)):
                handed(each, name)
                continue
            doubt(each)
            whole(each, True) if KINDS[type(each)] == THING else deep(each, write=True)
        containers = [each for each in held if KINDS[type(each)] == CONTAINER]
        result = carried(function, containers, True, args, words)
        return files.made(result) if on_disk else result

    return call


def is_held(thing):
    """Whether others may see how what is inside a thing changes."""
    kind = KINDS[type(thing)]
    return kind in (CONTAINER, VIEW) or (
        kind == THING and (is_foreign(type(thing)) or files.is_file(type(thing)))
    )


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
        elif reads_state(name, owner):
            fields(owner)
        elif kind == THING and name in ("__getattribute__", "__setattr__", "__delattr__"):
            at = args[0 if bound else 1]
            (ra if name == "__getattribute__" else wa)(owner, at)
        return function(*args, **words)

    return call


def stepwise(function):
    """A lazy iterator over others: enumerate, zip, map …: each step of it is a step of them, and of
    the functions that it is given."""

    def call(*args, **words):
        if function in (filter, itertools.filterfalse) and args and args[0] is None:
            args = (bool, *args[1:])
        words = {name: later(each) if callable(each) else each for name, each in words.items()}
        at = ASKED.get(function)
        args = [later(each) if place == at else walked(each) for place, each in enumerate(args)]
        if function in CHOOSING and args:
            ask = args[0]
            args[0] = lambda thing: look(ask(thing))
        return function(*args, **words)

    return call


ASKED = {map: 0, filter: 0, itertools.filterfalse: 0, itertools.takewhile: 0}
ASKED |= {itertools.dropwhile: 0, itertools.accumulate: 1, itertools.groupby: 1}
"""Lazy iterators that call a function at each step, and where among their arguments it is."""
CHOOSING = {filter, itertools.filterfalse, itertools.takewhile, itertools.dropwhile}
"""Those that look whether what it gives is true."""


def later(function):
    """A function that an iterator calls at each step: also the steps taken when there are threads,
    of an iterator made before them."""
    if function is None or (type(function) is FunctionType and is_ours(function)):
        return function
    return lambda *args, **words: called(function)(*args, **words)


def repeated(*args):
    """iter(): of a thing, or of a function that is called until it gives the sentinel."""
    return iterated(*args) if len(args) != 2 else iter(later(args[0]), args[1])


def got(thing, name, *default):
    """getattr()."""
    return getattr((dated if name in ASKS else ra)(thing, name), name, *default)


def has(thing, name):
    """hasattr()."""
    return hasattr(ra(thing, name), name)


def put(thing, name, value):
    """setattr()."""
    setattr(wa(thing, name), name, value)


def dropped(thing, name):
    """delattr()."""
    delattr(wa(thing, name, gone=True), name)


def texted(function):
    """str(), repr(), format(), print(): walks over what it shows."""

    def call(*args, **words):
        return function(*(shown(each) for each in args), **words)

    return call


class Formatter(string.Formatter):
    """str.format(): what a field names is looked at step by step."""

    def get_field(self, field_name, args, kwargs):
        """The value of `0.name[key]`, and its first part."""
        first, rest = _string.formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            value = got(value, name) if is_attribute else item(value, name)
        return value, first

    def get_value(self, key, args, kwargs):
        """An argument."""
        return item(args if isinstance(key, int) else kwargs, key)

    def format_field(self, value, format_spec):
        """Its text."""
        return format(shown(value), format_spec)

    def convert_field(self, value, conversion):
        """Its text by `!r` and the like."""
        return super().convert_field(shown(value), conversion)


def formatting(text, mapped):
    """str.format() and str.format_map() of this text."""
    if mapped:
        return lambda mapping: Formatter().vformat(text, (), mapping)
    return lambda *args, **words: Formatter().vformat(text, args, words)


def sequenced(function, read=given):
    """len(), list() …: one read of a container, many steps of an iterator; `read` is called for
    each argument."""

    def call(*args, **words):
        held = [each for each in args if KINDS[type(each)] == CONTAINER]
        return carried(function, held, False, [read(each) for each in args], words)

    return call


def asking(function):
    """any(), all(), sum(): looks into each that it is given."""
    return sequenced(function, each_examined)


def each_examined(thing):
    """What a function walks over, looking into each: with what is read of it then."""
    kind = KINDS[type(thing)]
    if kind in (GENERATOR, ITERATOR):
        return map(examined, walked(thing))
    return taken(thing, examined) if kind == VIEW else examined(thing)


def ordering(function):
    """sorted(), min(), max(): compares what it is given, or what `key` makes of it."""
    walk = sequenced(function)
    return lambda *args, **words: walk(
        *args, **words | {"key": ordered_by(words.get("key"), *args)}
    )


def ordered_by(key, *things):
    """The key by which things are ordered that may hold others, each read when its turn comes."""
    if key is not None:
        key = called(key)
        return lambda each: examined(key(each))
    alone = things[0] if len(things) == 1 else things
    if KINDS[type(alone)] not in (CONTAINER, VIEW) and type(alone) is not tuple:
        return examined
    return examined if any(map(has_parts, set(map(type, alone)))) else None


SYSTEMS = {"posix", "nt"}
PLAIN_MODULES = {
    "builtins",
    "math",
    "time",
    "_operator",
    "itertools",
    "_struct",
    "_json",
    "sys",
    "re",
    "_functools",
    "_sre",
    "datetime",
    "_datetime",
}
READ_MODULES = PLAIN_MODULES | {
    "binascii",
    "zlib",
    "_sha2",
    "_md5",
    "_hashlib",
    "_string",
    "_codecs",
    "posix",
}
"""Modules in C whose functions only read what they are handed."""
UNCHANGED = PLAIN_MODULES | {"decimal", "pathlib", "io", "_io"}
"""Modules in C whose objects cannot be changed, or are known otherwise."""


def held_by(things):
    """What a function in C compares: the things that a container holds, and what they hold."""
    for each in list(things):
        if has_parts(type(each)):
            examined(each)


def counting(things, items):
    """What Counter counts with: in C."""
    whole(things, True)
    return carried(collections._count_elements, (things,), True, (things, given(items)))


def ordered(function, write=True):
    """heapq and bisect: the first argument is written, or looked through."""

    def call(things, *args, **words):
        whole(things, write)
        held_by(things)
        if "key" in words:
            words["key"] = words["key"] and called(words["key"])
        return carried(function, (things,), write, (things, *args), words)

    return call


class Teed(Walk):
    """One of the iterators that tee() makes: what one of them has taken from the source, all have."""

    __slots__ = ("source",)

    def __init__(self, real, source):
        super().__init__(real, None)
        self.source = source

    def __next__(self):
        if not stage.alone:
            stage.touch(self.source, NEXT, "iterator", True)
        return super().__next__()


def teed(things, n=2):
    """itertools.tee()."""
    source = walked(things)
    return tuple(Teed(each, source) for each in itertools.tee(source, n))


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
    return known | {operation: compared(operation) for operation in COMPARE.values()}


def special():
    """Builtins of which it is known what they touch."""
    import _bisect
    import _heapq

    pure = (isinstance, issubclass, callable, id, hash, chr, ord, type, super, range, object, slice, property,
            staticmethod, classmethod, int, float, bool, complex, abs, divmod, pow, round, bin, hex, oct, input)  # fmt: skip
    known = {each: each for each in pure}
    known |= {bool: sequenced(bool), int: int, float: float}
    kinds = list, tuple, set, frozenset, dict, bytearray, bytes
    kinds += collections.deque, collections.Counter, array.array
    known |= {each: sequenced(each) for each in (len, *kinds)}
    known |= {each: asking(each) for each in (any, all, sum)}
    known |= {each: ordering(each) for each in (min, max, sorted)}
    known |= {each: stepwise(each) for each in LAZY}
    known |= {each: texted(each) for each in (str, repr, format, ascii)}
    known |= {
        iter: repeated,
        reversed: turned,
        itertools.starmap: lambda function, things: itertools.starmap(
            later(function), map(spread, walked(things))
        ),
        itertools.tee: teed,
        next: nexted,
        open: files.opened,
        getattr: got,
        hasattr: has,
        setattr: put,
        delattr: dropped,
        vars: fields,
        collections._count_elements: counting,
    }
    for module in (_heapq, _bisect):
        for name in dir(module):
            if name.startswith(("heap", "insort", "bisect")):
                known[getattr(module, name)] = ordered(
                    getattr(module, name), not name.startswith("bisect")
                )
    return known


LAZY = [map, filter, zip, enumerate]
LAZY += [each for each in vars(itertools).values() if isinstance(each, type)]
"""What walks over others only when it is asked: perhaps later, when other threads are there."""
SPECIAL = special()


SPECIAL |= operators() | lives.MAKERS
# What is remembered also while only one worker is there.
FROM_THE_BEGINNING = (
    {vars: fields} | lives.MAKERS | {each: SPECIAL[each] for each in (*LAZY, itertools.tee, iter)}
)
