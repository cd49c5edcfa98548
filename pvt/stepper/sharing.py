"""What other threads could notice: found by reading the program's text once.

Loading a name needs a decision point only if some thread may store that name.  Using a container (a truth test, an
addition, a comparison, a loop) needs one even through a local name, so names that may hold containers are
followed through assignments, parameters and results until nothing changes.  Too much costs schedules, too
little would lose faults: whatever is not understood counts as shared.
"""

import ast
import builtins
from collections import deque


def words(text):
    """A set of words."""
    return set(text.split())


FOREIGN = {name for kind in (list, dict, set, str, tuple, deque) for name in dir(kind)} | words(
    "acquire release locked wait wait_for notify notify_all is_set put get put_nowait get_nowait qsize empty full "
    "task_done join abort reset sleep"
)
"""Methods of containers and stand-ins: a method of the program by such a name is not told apart from them."""
ERRORS = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}
PURE = ERRORS | words(
    "abs all any bool callable chr divmod enumerate float frozenset hash id int isinstance issubclass len list max min "
    "ord pow print range repr reversed round set sorted str sum super tuple type zip"
)
"""Builtins that read their arguments and nothing else."""
READING = {"copy", "count", "get", "index", "items", "keys", "values"}
OPENERS = {"setattr", "delattr", "vars", "exec", "eval", "globals", "__dict__", "__setattr__", "locals"}
DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Sharing:
    """What is stored, what may hold a container, and which calls run the program's own functions."""

    def __init__(self, tree):
        nodes = list(ast.walk(tree))
        self.functions = {node.name for node in tree.body if isinstance(node, (*FUNCTIONS[:2], ast.ClassDef))}
        self.methods = {n.name for c in nodes if isinstance(c, ast.ClassDef) for n in c.body if hasattr(n, "name")}
        self.assigned = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        self.opened = any(getattr(n, "id", getattr(n, "attr", "")) in OPENERS for n in nodes)
        self.stored, self.private = stores(tree)
        self.nested = any(isinstance(n, DISPLAYS) and has_display_inside(n) for n in nodes)
        self.parameters = {f.name: {a.arg for a in f.args.args} for f in nodes if isinstance(f, FUNCTIONS[:2])}
        self.holding = set()
        while self._spread(nodes):
            pass

    def is_shared(self, name):
        """Whether some thread may store an attribute or a global of that name."""
        return self.opened or name in self.stored

    def is_own(self, call):
        """Whether a call runs a function of the program, whose bytecodes are stepped one by one."""
        if isinstance(call.func, ast.Name):
            return call.func.id in self.functions and call.func.id not in self.assigned
        return isinstance(call.func, ast.Attribute) and call.func.attr in self.methods - FOREIGN

    def is_pure(self, call):
        """Whether a call is a builtin that can neither change nor read anything shared."""
        return self.is_reading(call) and isinstance(call.func, ast.Name) and not self.any_holds(arguments(call))

    def is_reading(self, call):
        """Whether a call changes nothing."""
        if isinstance(call.func, ast.Attribute):
            return call.func.attr in READING
        name = getattr(call.func, "id", None)
        return name in PURE and name not in self.functions | self.assigned

    def any_holds(self, nodes):
        """Whether one of the expressions may be a container."""
        return any(self.holds(node) for node in nodes)

    def holds(self, node):
        """Whether the value of an expression may be a container."""
        if isinstance(node, DISPLAYS):
            return True
        if isinstance(node, (ast.Name, ast.Attribute)):
            return getattr(node, "id", getattr(node, "attr", None)) in self.holding
        if isinstance(node, ast.Subscript):
            return self.nested or (isinstance(node.slice, ast.Slice) and self.holds(node.value))
        if isinstance(node, ast.Call):
            return self._call_holds(node)
        if isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp, ast.Tuple, ast.NamedExpr, ast.Starred)):
            return self.any_holds(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        return False

    def _call_holds(self, call):
        name = getattr(call.func, "id", getattr(call.func, "attr", None))
        if self.is_own(call):
            return name in self.holding
        if isinstance(call.func, ast.Attribute):
            return name in {"copy", "keys", "values", "items", "split"} or self.nested
        scalar = {"len", "int", "float", "str", "repr", "bool", "isinstance", "sum", "range", "type", "id", "hash"}
        return name not in scalar and ((name in PURE and self.any_holds(arguments(call))) or name in CONTAINERS)

    def _spread(self, nodes):
        """Follow containers one assignment further; False when nothing is new."""
        before = len(self.holding)
        for node in nodes:
            for target, value in flows(node):
                if self.holds(value):
                    self.holding |= names_in(target)
            if isinstance(node, ast.Call):
                self.holding |= {word.arg for word in node.keywords if word.arg and self.holds(word.value)}
                if self.any_holds(node.args) and not self.is_reading(node):
                    self.holding |= self.parameters.get(getattr(node.func, "id", getattr(node.func, "attr", "")), set())
            elif isinstance(node, FUNCTIONS[:2]) and self.any_holds(results(node)):
                self.holding.add(node.name)
        return len(self.holding) > before


CONTAINERS = {"list", "dict", "set", "sorted", "deque", "defaultdict", "Counter", "OrderedDict", "bytearray", "array"}


def stores(tree):
    """Names that code of the threads may store, and the `self.x = …` nodes of constructors nobody can see yet."""
    stored, private = set(), set()
    for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS[:2])):
        own = [node for node in own_nodes(function)]
        hidden = {id(node) for node in own if is_field_of(node, hidden_self(function))}
        private |= {node for node in own if id(node) in hidden and not isinstance(node.ctx, ast.Load)}
        for node in own if function.name != "setup" else ():
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and id(node) not in hidden:
                stored.add(node.attr)
        stored |= {name for node in own if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    return stored, private


def own_nodes(function):
    """The nodes of a function without those of functions inside it."""
    waiting = deque(function.body)
    while waiting:
        node = waiting.popleft()
        yield node
        if not isinstance(node, FUNCTIONS[:2]):
            waiting.extend(ast.iter_child_nodes(node))


def hidden_self(function):
    """The name of `self` in a constructor that shows the new object to nobody, else None."""
    if function.name != "__init__" or not function.args.args:
        return None
    name = function.args.args[0].arg
    nodes = list(ast.walk(function))
    uses = sum(isinstance(node, ast.Name) and node.id == name for node in nodes)
    fields = sum(is_field_of(node, name) for node in nodes)
    methods = any(isinstance(node, ast.Call) and is_field_of(node.func, name) for node in nodes)
    return name if uses == fields and not methods else None


def is_field_of(node, name):
    """Whether the node is `name.something`."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name


def has_display_inside(display):
    """Whether a container is written down inside another."""
    return any(isinstance(node, DISPLAYS) and node is not display for node in ast.walk(display))


def arguments(call):
    """All expressions passed in a call."""
    return [*call.args, *(word.value for word in call.keywords)]


def flows(node):
    """Pairs of target and value for what a node assigns."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        return [(node.target, node.value)] if node.value is not None else []
    return []


def names_in(target):
    """The names and attributes that an assignment to `target` fills."""
    kinds = (ast.Tuple, ast.List, ast.Starred, ast.Name, ast.Attribute)
    found = [node for node in ast.walk(target) if isinstance(node, kinds)] if isinstance(target, kinds) else []
    stored = [node for node in found if not isinstance(getattr(node, "ctx", None), ast.Load)]
    return {getattr(node, "id", getattr(node, "attr", "")) for node in stored} - {""}


def results(function):
    """The expressions that a function returns."""
    return [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]
