"""What a rewritten program calls before each access: is the thing shared, is it read or written?

Each function looks at the object itself: numbers and texts have nothing to touch; a container is
touched as a whole; an object by the name of its attribute; a generator by entering it.  Methods of
containers read or write by their name, an unknown one writes.  A function in C or of a library that
is not stepped counts as touching what it is handed, and the stage notes what was assumed."""

import array
import collections
import gc
from types import (
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    ModuleType,
    WrapperDescriptorType,
)

from pvt.stepper import clocks, files, lives
from pvt.stepper.engine import stage
from pvt.stepper.hashes import SETS, in_one_order
from pvt.stepper.kinds import (
    CLASS,
    CONTAINER,
    KINDS,
    MODULE,
    OWN,
    PLAIN,
    STREAMS,
    THING,
    VIEW,
    hidden,
    is_foreign,
    is_library,
    is_method,
    is_ours,
)
from pvt.stepper.lacking import Lacking


def ra(thing, name):
    """About to load an attribute; gives the object back."""
    if stage.alone:
        if name == "__dict__":
            fields(thing)
        return thing
    kind = KINDS[type(thing)]
    if type(thing) in lives.PROXIES:
        lives.asked()
    elif kind == THING:
        if "__class__" in stage.odd:
            stage.touch(thing, "__class__", "__class__", False)
        if hides := hidden(type(thing)):
            if hides is True:
                whole(thing, False)
            elif name in hides:
                deep(thing)
        if name == "__dict__" and type(thing).__dictoffset__:
            fields(thing)
        elif not is_method(type(thing), name):
            stage.touch(home(thing), name, name, False)
            if name in stage.odd:
                class_touch(type(thing), name)
    elif kind == CLASS:
        class_fields(thing) if name == "__dict__" else class_touch(thing, name)
    elif kind == MODULE:
        fields(thing) if name == "__dict__" else module_touch(thing, name, False)
    elif (kind in (OWN, CONTAINER)) and hasattr(thing, "__dict__") and name in thing.__dict__:
        stage.touch(thing, name, name, False)
    return thing


def dated(thing, name):
    """The same for a name by which a class of dates is asked for the time."""
    return ra(clocks.asked(thing, name), name)


def wa(thing, name, gone=False):
    """About to store or delete an attribute; gives the object back."""
    if name == "__dict__":  # from now on several objects may have one dict
        stage.borgs.add(type(thing))
    elif name == "__class__":  # an object that becomes another
        stage.count(name)
    if isinstance(thing, (ModuleType, type)):
        remember(thing, name)
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if kind == PLAIN:
        return thing
    if type(thing) in lives.PROXIES:
        lives.asked()
        return thing
    if kind == MODULE:
        module_touch(thing, name, True)
    elif kind == CLASS:
        stage.count(name)
        stage.touch(thing, name, name, True)
        renamed(thing, name, gone)
    else:
        if kind == THING and hidden(type(thing)) is True:
            whole(thing, True)
        if kind == THING and is_method(type(thing), name):
            value = next(
                (vars(each)[name] for each in type(thing).__mro__ if name in vars(each)), None
            )
            if not isinstance(value, (property, GetSetDescriptorType)):
                stage.count(name)
        if kind != OWN or name in getattr(thing, "__dict__", {}) or lacks(type(thing), name):
            stage.touch(home(thing), name, name, True)
            renamed(thing, name, gone)
    return thing


NAMES = "__dict__"
"""Which attributes an object or a class has: looked at by who walks over its `__dict__`."""


def renamed(thing, name, gone):
    """About to give an attribute to a thing that has none by this name, or to take it away."""
    if NAMES in stage.odd and (gone or name not in getattr(thing, "__dict__", (name,))):
        stage.touch(home(thing), NAMES, NAMES, True)


def names_read(owner):
    """About to see which attributes there are."""
    if NAMES not in stage.odd:
        stage.count(NAMES)
    if not stage.alone:
        stage.touch(owner, NAMES, NAMES, False)


def lacks(kind, name):
    """Whether a stand-in has nothing by this name, so that it is an attribute of the program's."""
    return isinstance(getattr(kind, name, None), (type(None), Lacking))


def remember(thing, name):
    """What a program exchanges in a module or a class of the library is put back before the next
    run."""
    module = thing.__name__ if isinstance(thing, ModuleType) else thing.__module__
    if module not in stage.modules and (thing, name) not in stage.before:
        stage.before[thing, name] = vars(thing).get(name, stage)


def home(thing):
    """Where the attributes of an object are: in the object, or in a dict that it may share."""
    if type(thing) not in stage.borgs:
        return thing
    held = thing.__dict__
    stage.alias[id(held)] = (held, held)
    return held


def class_touch(kind, name):
    """A read of something that a class holds: only where some class attribute of that name was seen
    to be stored."""
    if name in stage.odd:
        stage.touch(kind, name, name, False)
        above = type(kind).__mro__[:-2] if type(kind) is not type else ()  # its metaclass
        for each in (*kind.__mro__[1:-1], *above):
            if name in vars(each):
                stage.touch(each, name, name, False)


def module_touch(module, name, write):
    """A global of a module, looked at from outside."""
    own = stage.modules.get(module.__name__)
    if own is module:
        at = f"{module.__name__}:{name}"
        stage.touch(stage, at, at, write)
    elif write:  # a library's: from now on its reads count too
        stage.count(name)
        stage.touch(module, name, f"{module.__name__}.{name}", True)
    elif name in stage.odd:
        stage.touch(module, name, f"{module.__name__}.{name}", False)


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


def wd(*place):
    """A decorator: about to bind the name of a function or a class."""
    return lambda made: ws(made, *place)


class Namespace:
    """Stands for a module's globals where they are used as a dict."""

    __slots__ = ("module",)

    def __init__(self, module):
        self.module = module


def namespace(names, module):
    """globals(): the dict stands for the names of its module."""
    stage.alias[id(names)] = (names, Namespace(module))
    return names


def named(things, keys, write):
    """About to read or write items of a dict that others know by names: the attributes of an
    object, the globals of a module. `keys`: None for all that it has."""
    known = stage.alias.get(id(things))
    if known is None or not isinstance(things, dict):
        return
    owner = known[1]
    if keys is None and type(owner) is not Namespace:
        names_read(owner)
    for key in list(things) if keys is None else keys:
        if type(owner) is Namespace:
            at = f"{owner.module}:{key}"
            stage.touch(stage, at, at, write)
        else:
            stage.touch(owner, key, key, write)


class Token:
    """Stands for the variables of one call of a function."""

    __slots__ = ()


def scope():
    """At the beginning of a function whose variables inner functions see."""
    return Token()


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
        named(thing, None, False)
    elif kind == VIEW:
        viewed(thing)
    elif type(thing) is MappingProxyType:
        look(gc.get_referents(thing)[0])
    elif type(thing) in lives.WEAK:
        lives.looked_into(thing)
    elif kind == THING:
        of_another(thing, False)
    return thing


def of_another(thing, write):
    """An object is looked into or changed; it tells the stage if its class is not the program's."""
    if is_library(type(thing)):
        outside(thing, write)
    elif is_foreign(type(thing)):
        whole(thing, write)
    elif issubclass(type(thing), STREAMS):  # who reads it, moves on in it
        whole(thing, True)
    elif files.is_file(type(thing)):
        files.touch(True)


def outside(thing, write):
    """A library's object is looked into or changed: in one step, which the result says."""
    if type(thing) in lives.WEAK:
        lives.looked_into(thing, write)
    name = f"{type(thing).__module__}.{type(thing).__name__}"
    if not files.begins(name) and type(thing) in files.kinds:
        files.one_step(name)
        files.touch(True)
    stage.assume(name, f"what {name} does is one step")
    doubt(thing)
    deep(thing, write)


def doubt(thing):
    """Something is taken for one step that others may see in parts, if they meet there: then
    nothing is proved."""
    labels = getattr(thing, "__dict__", None) or [type(thing).__name__]
    if not stage.hot.isdisjoint(labels):
        stage.doubts.add(type(thing).__name__)


def viewed(view):
    """A view is a read of the dict that it shows."""
    look(gc.get_referents(view)[0])


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
            stage.touch(home(thing), name, name, write)
            deep(thing.__dict__.get(name), write, depth - 1, seen)
    return thing


def shown(thing):
    """About to be written as text; gives it back, or what is read of it."""
    if type(thing) in SETS:
        in_one_order(thing)
    if stage.alone:
        return thing
    kind = KINDS[type(thing)]
    if isinstance(thing, tuple) or (kind == CONTAINER and type(thing) in PARTS):
        return taken(thing, shown)
    if kind == PLAIN or (kind == THING and own_text(type(thing))):
        return thing
    if isinstance(thing, BaseException):
        stage.touch(thing, "args", "args", False)
        deep(thing.args)
    return deep(thing)


PARTS = (list, dict, collections.deque, collections.defaultdict, collections.OrderedDict)
"""Containers of which a copy can take the place, where somebody looks into all that they hold."""
DEEPEST = 20


def taken(thing, part, above=None):
    """About to read a container, a tuple or a view, and then what it holds, one after the other;
    others may come in between. Gives what was read: the thing itself, or a copy if it holds
    containers. `part`: what is called for each that is no container.
    """
    above = {} if above is None else above  # id -> the copy of what holds this
    if stage.alone or id(thing) in above or len(above) == DEEPEST:
        return above.get(id(thing), thing)
    look(thing)
    inside = list(thing.values() if isinstance(thing, dict) else thing)
    if not any(map(has_parts, set(map(type, inside)))):
        return filled(empty(thing), thing, inside) if above else thing
    made = empty(thing)
    above = {**above, id(thing): thing if made is None else made}
    read = [taken(e, part, above) if has_parts(type(e)) else part(e) for e in inside]
    return filled(made, thing, read)


def has_parts(kind):
    """Whether a thing of this type can hold others."""
    return KINDS[kind] == CONTAINER or issubclass(kind, tuple)


def empty(thing):
    """The beginning of a copy; None where there can be none."""
    if KINDS[type(thing)] == VIEW:
        return []
    if type(thing) not in PARTS:
        return None
    made = thing.copy()
    return made if isinstance(thing, dict) else made.clear() or made


def filled(made, thing, values):
    """A copy of a thing with these values; the thing itself where none can be made."""
    if isinstance(thing, tuple):
        make = getattr(type(thing), "_make", tuple)
        return make(values) if make is not tuple or type(thing) is tuple else thing
    if made is None:
        return thing
    made.update(zip(thing, values, strict=False)) if isinstance(thing, dict) else made.extend(
        values
    )
    return made


def own_text(kind):
    """Whether a class writes its text by functions of the program, or shows no fields at all."""
    for name in ("__str__", "__repr__"):
        maker = getattr(kind, name, None)
        in_c = isinstance(maker, WrapperDescriptorType) and maker is not getattr(object, name)
        if in_c or (isinstance(maker, FunctionType) and not is_ours(maker)):
            return False
    return True


def fields(*things):
    """vars(thing): the dict stands for the object's attributes."""
    made = vars(*things)
    if things and isinstance(things[0], ModuleType):
        if stage.modules.get(things[0].__name__) is things[0]:
            namespace(made, things[0].__name__)
    elif things and isinstance(made, dict):
        thing = things[0]
        names_read(home(thing))
        for name in [] if stage.alone else list(made):
            stage.touch(home(thing), name, name, False)
        stage.alias[id(made)] = (made, home(thing))
    elif things and isinstance(made, MappingProxyType):
        if not stage.alone:
            class_fields(things[0])
        held = gc.get_referents(made)[0]
        stage.alias[id(made)], stage.alias[id(held)] = (made, things[0]), (held, things[0])
    return made


def class_fields(kind):
    """All that a class holds is looked at."""
    names_read(kind)
    for name in list(vars(kind)):
        class_touch(kind, name)
