"""What a rewritten program calls for its operators: items, augmented assignments, `in`, `+`, `<`."""

import collections
import operator
from types import FunctionType, MappingProxyType, WrapperDescriptorType

from pvt.stepper.engine import stage
from pvt.stepper.iteration import given, walked
from pvt.stepper.kinds import (
    CONTAINER,
    GENERATOR,
    IMMUTABLE,
    ITERATOR,
    KINDS,
    PLAIN,
    THING,
    VIEW,
    asked_once,
    is_foreign,
    is_ours,
)
from pvt.stepper.touching import (
    carried,
    class_touch,
    deep,
    look,
    named,
    of_another,
    ra,
    shown,
    taken,
    wa,
    whole,
)


def item(thing, key):
    """Load an item."""
    if not stage.alone:
        kind = KINDS[type(thing)]
        if kind == CONTAINER:
            whole(thing, isinstance(thing, collections.defaultdict) and key not in thing)
            named(thing, (key,), False)
            if type(key) not in IMMUTABLE or type(thing) not in (list, dict):
                return carried(operator.getitem, (thing,), True, (thing, key))
        elif kind == THING:
            of_another(thing, False)
        elif type(thing) is MappingProxyType:
            owner = stage.alias.get(id(thing))
            if owner is not None:
                class_touch(owner[1], key)
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
            value = given(value) if type(self.key) is slice else value
            whole(self.thing, True)
            named(self.thing, (self.key,), True)
            carried(operator.setitem, (self.thing,), True, (self.thing, self.key, value))
            return
        if not stage.alone and KINDS[type(self.thing)] == THING:
            of_another(self.thing, True)
        self.thing[self.key] = value

    @it.deleter
    def it(self):
        if not stage.alone and KINDS[type(self.thing)] == CONTAINER:
            whole(self.thing, True)
            named(self.thing, (self.key,), True)
            carried(operator.delitem, (self.thing,), True, (self.thing, self.key))
            return
        if not stage.alone and KINDS[type(self.thing)] == THING:
            of_another(self.thing, True)
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


ATOMS = {int, float, bool, str, bytes, type(None)}
"""Types that hold nothing."""


def joined(operation):
    """A binary operator that looks into its operands first."""

    def join(left, right):
        if not stage.alone and not ATOMS.issuperset((type(left), type(right))):
            operand(left)
            operand(right)
            if operation is operator.mod and type(left) in (str, bytes):
                right = shown(right)
            held = [each for each in (left, right) if KINDS[type(each)] == CONTAINER]
            if held:
                return carried(operation, held, False, (left, right))
        return operation(left, right)

    return join


def compared(operation):
    """A comparison: it looks into all that its operands hold."""

    def compare(left, right):
        if stage.alone or ATOMS.issuperset((type(left), type(right))):
            return operation(left, right)
        held = [each for each in (left, right) if KINDS[type(each)] == CONTAINER]
        return carried(operation, held, False, (examined(left), examined(right)))

    return compare


def examined(thing):
    """About to be looked into, with all that it holds; gives what is read of it."""
    kind = KINDS[type(thing)]
    if kind == CONTAINER or isinstance(thing, tuple):
        return taken(thing, examined)
    if kind != PLAIN:
        operand(thing)
    return thing


def operand(thing):
    """About to be added, compared …"""
    kind = KINDS[type(thing)]
    if kind in (CONTAINER, VIEW):
        look(thing)
    elif kind == THING and is_foreign(type(thing)):
        whole(thing, False)
    elif kind == THING and foreign_operators(type(thing)):
        deep(thing, depth=2)


@asked_once
def foreign_operators(kind):
    """Whether a class compares its fields by a function that is not the program's own."""
    maker = getattr(kind, "__eq__", None)
    in_c = isinstance(maker, WrapperDescriptorType) and maker is not object.__eq__
    return in_c or (isinstance(maker, FunctionType) and not is_ours(maker))


def into(operation):
    """An augmented operator: the left side is written if it is a container."""

    def join(left, right):
        if not stage.alone:
            if KINDS[type(left)] == CONTAINER:
                operand(right)
                whole(left, True)
                return carried(operation, (left,), True, (left, given(right)))
            operand(left)
            operand(right)
            if KINDS[type(left)] == THING and is_foreign(type(left)):
                whole(left, True)
        return operation(left, right)

    return join


def contains(item_, thing):
    """`x in c`."""
    if stage.alone:
        return item_ in thing
    kind = KINDS[type(thing)]
    if isinstance(thing, (dict, set)):  # it compares with some of them only
        whole(thing, False)
        named(thing, (item_,), False)
        return carried(operator.contains, (thing,), False, (thing, item_))
    if kind in (CONTAINER, VIEW) or isinstance(thing, tuple):
        held = [thing] * (kind == CONTAINER)
        read = taken(thing, examined), examined(item_)
        return carried(operator.contains, held, False, read)
    if kind in (GENERATOR, ITERATOR):
        thing = walked(thing)
    else:
        look(thing)
    return item_ in thing


def lacks(item_, thing):
    """`x not in c`."""
    return not contains(item_, thing)


FORWARD = {
    "add": (operator.add, operator.iadd), "sub": (operator.sub, operator.isub), "mul": (operator.mul, operator.imul),
    "truediv": (operator.truediv, operator.itruediv), "floordiv": (operator.floordiv, operator.ifloordiv),
    "mod": (operator.mod, operator.imod), "pow": (operator.pow, operator.ipow),
    "lshift": (operator.lshift, operator.ilshift), "rshift": (operator.rshift, operator.irshift),
    "or": (operator.or_, operator.ior), "xor": (operator.xor, operator.ixor), "and": (operator.and_, operator.iand),
    "matmul": (operator.matmul, operator.imatmul),
}  # fmt: skip


COMPARE = {name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")}
