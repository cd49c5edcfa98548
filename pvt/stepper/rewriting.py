"""Rewrite a program so that each access to something that may be shared goes through a function of
the stage first.

A function that is about to read or write is told the object and the key, and returns; then the
program's own bytecode does what it would have done.  So the stage knows exactly what is touched
before it happens, on every Python, with a GIL or without, and the program keeps its meaning: order
of evaluation, exceptions, line numbers.

    o.a            →  @ra(o, "a").a              o.a = v   →  @wa(o, "a").a = v
    o[k]           →  @item(o, k)                o[k] = v  →  @slot(o, k).it = v
    f(x)           →  @f(f)(x)                   if d      →  if @t(d)
    total          →  (total if @gr("total") else None)      for x in d → for x in @it(d)
    total += 1     →  total = @ws(@iadd(… total …, 1), "total")

The names begin with a sign that no program can write.  Locals that no inner function captures are
left alone."""

import ast

from pvt.stepper.clocks import ASKS
from pvt.stepper.patterns import Patterns
from pvt.stepper.scopes import COMPREHENSIONS, DEFINITIONS, FUNCTIONS, Scopes, below, function_of

PLAIN_CALLS = {
    "isinstance",
    "super",
    "range",
    "id",
    "callable",
    "issubclass",
    "chr",
    "ord",
    "object",
    "slice",
}
PLAIN_CALLS |= {"staticmethod", "classmethod", "property", "globals", "locals", "vars"}
OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or", ast.BitXor: "xor",
    ast.BitAnd: "and", ast.MatMult: "matmul", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le",
    ast.Gt: "gt", ast.GtE: "ge", ast.In: "in", ast.NotIn: "notin",
}  # fmt: skip


def rewritten(tree, module, switches=False, part=False):
    """The tree of a module, rewritten.  `switches`: also mark where this interpreter lets other
    threads in; `part`: the text is only a part of the module, which may store any name."""
    rewriter = Rewriter(tree, module, switches)
    rewriter.scopes.open |= part
    return ast.fix_missing_locations(rewriter.visit(tree))


class Rewriter(ast.NodeTransformer):
    """One module's text."""

    def __init__(self, tree, module, switches):
        self.scopes = Scopes(tree)
        self.module, self.switches = module, switches
        self.here = self.scopes.module
        self.classes = []
        self.loops = self.kept = 0

    # -- small pieces ------------------------------------------------------------------------------

    def call(self, name, *parts, at):
        """A call of one of the stage's functions, at the place of a node."""
        return self.at(ast.Call(ast.Name(name, ast.Load()), list(parts), []), at)

    def at(self, node, place):
        """The node, and those made around it, at a place of the program. What is placed already is
        not looked into: else each piece would be walked through once for every piece around it."""
        waiting = [node]
        while waiting:
            each = waiting.pop()
            if "lineno" in each._attributes and not hasattr(each, "lineno"):
                ast.copy_location(each, place)
            waiting += [part for part in below(each) if not hasattr(part, "lineno")]
        return node

    def text(self, value):
        """A constant."""
        return ast.Constant(value)

    def opened(self, node, at):
        """In the world of this interpreter: after this, others may come in."""
        return self.call("@o", node, at=at) if self.switches else node

    def mangled(self, name):
        """A private name as the compiler writes it inside a class."""
        if self.classes and name.startswith("__") and not name.endswith("__"):
            return f"_{self.classes[-1].lstrip('_')}{name}"
        return name

    def place(self, name):
        """What a name is, as arguments for the stage: nothing if it is private."""
        owner = self.here.owner(name)
        if owner.kind == "module":
            return (
                (self.text(f"{self.module}:{name}"),) if self.scopes.shared_global(name) else None
            )
        if owner.kind == "function" and name in owner.captured and name in owner.stored:
            return self.text(name), ast.Name(f"@s{owner.number}", ast.Load())
        return None

    # -- names -------------------------------------------------------------------------------------

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            return node
        place = self.place(node.id)
        if place is None:
            return node
        return self.at(ast.IfExp(self.call("@rn", *place, at=node), node, ast.Constant(None)), node)

    def stored(self, value, targets, at):
        """The value, with an access for each shared name that is about to be stored."""
        for name in names_in(targets):
            place = self.place(name)
            if place is not None:
                value = self.call("@ws", value, *place, at=at)
        return value

    def notes(self, names, at):
        """Statements before a line that stores or deletes these names."""
        noted = [self.place(name) for name in names]
        return [
            self.at(ast.Expr(self.call("@ws", ast.Constant(None), *place, at=at)), at)
            for place in noted
            if place
        ]

    def named(self, target, at):
        """(a name of the stage's own, the statements that then store it as the program says)."""
        self.kept += 1
        name = f"@x{self.kept}"
        value = self.stored(ast.Name(name, ast.Load()), [target], at)
        stored = self.at(ast.Assign([self.visit(target)], value), at)
        dropped = self.at(ast.Delete([ast.Name(name, ast.Del())]), at)
        return self.at(ast.Name(name, ast.Store()), at), [stored, dropped]

    def is_private(self, target):
        """Whether no other call can see any name that is stored to."""
        return not any(self.place(name) for name in names_in([target]))

    def visit_Assign(self, node):
        value = self.visit(node.value)
        if any(isinstance(target, (ast.Tuple, ast.List)) for target in node.targets):
            value = self.call("@u", value, at=node.value)
        value = self.stored(value, node.targets, node.targets[0])
        return self.at(ast.Assign([self.visit(target) for target in node.targets], value), node)

    def visit_AnnAssign(self, node):
        if node.value is None:
            return node
        value = self.stored(self.visit(node.value), [node.target], node)
        if isinstance(node.target, ast.Name):
            node.value = value
            return node
        return self.at(ast.Assign([self.visit(node.target)], value), node)

    def visit_NamedExpr(self, node):
        node.value = self.stored(self.visit(node.value), [node.target], node)
        return node

    def visit_AugAssign(self, node):
        operator = ast.Name("@i" + OPERATORS[type(node.op)], ast.Load())
        value = self.visit(node.value)
        if isinstance(node.target, ast.Name):
            place = self.place(node.target.id)
            if place is None and is_number(node.value):
                return node
            load = self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            joined = self.at(ast.Call(operator, [load, value], []), node)
            return self.at(
                ast.Assign([node.target], self.stored(joined, [node.target], node.target)), node
            )
        if isinstance(node.target, ast.Attribute):
            name = self.text(self.mangled(node.target.attr))
            begun = self.call("@aa", self.visit(node.target.value), name, at=node.target)
        else:
            begun = self.call(
                "@ai", self.visit(node.target.value), self.index(node.target.slice), at=node.target
            )
        ended = ast.Call(ast.Attribute(begun, "done", ast.Load()), [operator, value], [])
        return self.at(ast.Expr(self.at(ended, node.target)), node)

    # -- attributes and items ----------------------------------------------------------------------

    def visit_Attribute(self, node):
        reads = "@rd" if node.attr in ASKS else "@ra"
        word = reads if isinstance(node.ctx, ast.Load) else "@wa"
        gone = [ast.Constant(True)] if isinstance(node.ctx, ast.Del) else []
        node.value = self.call(
            word, self.visit(node.value), self.text(self.mangled(node.attr)), *gone, at=node
        )
        return node

    def visit_Subscript(self, node):
        value, index = self.visit(node.value), self.index(node.slice)
        if isinstance(node.ctx, ast.Load):
            return self.call("@item", value, index, at=node)
        return self.at(
            ast.Attribute(self.call("@slot", value, index, at=node), "it", node.ctx), node
        )

    def index(self, node):
        """What stands between the brackets, slices written as calls."""
        if isinstance(node, ast.Slice):
            parts = [
                self.visit(part) if part else ast.Constant(None)
                for part in (node.lower, node.upper, node.step)
            ]
            return self.call("@slice", *parts, at=node)
        if isinstance(node, ast.Tuple):
            return self.at(ast.Tuple([self.index(part) for part in node.elts], ast.Load()), node)
        return self.visit(node)

    def visit_Delete(self, node):
        targets = [self.visit(target) for target in node.targets]
        return [*self.notes(names_in(node.targets), node), self.at(ast.Delete(targets), node)]

    def visit_Starred(self, node):
        if isinstance(node.ctx, ast.Load):
            node.value = self.call("@u", self.visit(node.value), at=node)
            return node
        return self.generic_visit(node)

    # -- uses --------------------------------------------------------------------------------------

    def visit_Call(self, node):
        plain = isinstance(node.func, ast.Name) and self.is_plain(node.func.id)
        if isinstance(node.func, ast.Name) and node.func.id == "vars" and node.args:
            plain = False  # of an object
        function = node.func if plain else self.call("@f", self.visit(node.func), at=node.func)
        args = [self.visit(each) for each in node.args]
        words = [self.visit(each) for each in node.keywords]
        if (
            not plain
            and isinstance(node.func, ast.Name)
            and node.func.id in ("exec", "eval")
            and args
        ):
            module = self.module if all(map(is_globals, node.args[1:])) and not words else "text"
            parts = (self.text(node.func.id), self.text(module))
            args[0] = self.call("@source", args[0], *parts, at=node.args[0])
            function = node.func
        made = self.at(ast.Call(function, args, words), node)
        if plain and self.gives_globals(node):
            return self.call("@globals", made, self.text(self.module), at=node)
        return self.opened(made, node)

    def gives_globals(self, node):
        """Whether a call of a plain builtin gives the dict of the module's names."""
        name, at_top = node.func.id, self.here is self.scopes.module
        return name == "globals" or (name in ("locals", "vars") and at_top and not node.args)

    def is_plain(self, name):
        """Whether a name is a builtin that touches none of its arguments."""
        top = self.scopes.module
        return (
            name in PLAIN_CALLS
            and self.here.owner(name) is top
            and name not in top.stored | set(top.defined)
        )

    def visit_keyword(self, node):
        value = self.visit(node.value)
        node.value = value if node.arg else self.call("@u", value, at=node.value)
        return node

    def visit_Dict(self, node):
        node.keys = [key and self.visit(key) for key in node.keys]
        values = zip(node.keys, node.values, strict=True)
        node.values = [
            self.visit(v) if key else self.call("@u", self.visit(v), at=v) for key, v in values
        ]
        return node

    def truth(self, node):
        """An expression that is asked whether it is true."""
        if isinstance(node, ast.BoolOp) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return self.visit(node)
        simple = isinstance(node, (ast.Constant, ast.Compare))
        made = self.visit(node)
        return made if simple else self.call("@t", made, at=node)

    def visit_If(self, node):
        node.test = self.truth(node.test)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_IfExp(self, node):
        node.test, node.body, node.orelse = (
            self.truth(node.test),
            self.visit(node.body),
            self.visit(node.orelse),
        )
        return node

    def visit_Assert(self, node):
        node.test = self.truth(node.test)
        node.msg = node.msg and self.call("@s", self.visit(node.msg), at=node.msg)
        return node

    def visit_BoolOp(self, node):
        node.values = [
            *(self.truth(each) for each in node.values[:-1]),
            self.visit(node.values[-1]),
        ]
        return node

    def visit_UnaryOp(self, node):
        node.operand = (
            self.truth(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        )
        return node

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        scalar = is_number(node.left) or is_number(node.right)
        if scalar and isinstance(
            node.op, (ast.Add, ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.Mod)
        ):
            node.left, node.right = left, right
            return node
        return self.call("@b" + OPERATORS[type(node.op)], left, right, at=node)

    def visit_Compare(self, node):
        node.left = self.visit(node.left)
        node.comparators = [self.visit(each) for each in node.comparators]
        if len(node.ops) == 1:
            operator = OPERATORS.get(type(node.ops[0]))
            if operator is None or (operator not in ("in", "notin") and is_scalar(node)):
                return node
            return self.call("@b" + operator, node.left, node.comparators[0], at=node)
        operands = [node.left, *node.comparators]
        held = [
            each if isinstance(each, ast.Constant) else self.call("@t", each, at=each)
            for each in operands
        ]
        node.left, node.comparators = held[0], held[1:]
        return node

    def visit_FormattedValue(self, node):
        node.value = self.call("@s", self.visit(node.value), at=node.value)
        node.format_spec = node.format_spec and self.visit(node.format_spec)
        return node

    # -- loops and blocks --------------------------------------------------------------------------

    def block(self, statements):
        """Statements in order; one may become several."""
        made = []
        for statement in statements:
            new = self.visit(statement)
            made += new if isinstance(new, list) else [new]
        return made

    def visit_For(self, node):
        node.iter = self.call("@it", self.visit(node.iter), at=node.iter)
        return self.looped(node)

    def looped(self, node):
        """A loop whose iterable has been visited."""
        stored = []
        if self.is_private(node.target):
            node.target = self.visit(node.target)
        else:
            node.target, stored = self.named(node.target, node.target)
        is_plain = isinstance(node, ast.For) and self.switches
        back = [self.at(ast.Expr(self.call("@back", at=node)), node)] if is_plain else []
        node.body, node.orelse = [*back, *stored, *self.block(node.body)], self.block(node.orelse)
        return node

    def visit_While(self, node):
        self.loops += 1
        node.test = self.truth(node.test)
        line = self.text(node.lineno)
        turn = self.at(
            ast.Expr(self.call("@round", self.text(f"{self.module}:{self.loops}"), line, at=node)),
            node,
        )
        node.body, node.orelse = [turn, *self.block(node.body)], self.block(node.orelse)
        return node

    def visit_With(self, node):
        for number, item in enumerate(node.items[:-1], 1):
            if item.optional_vars and not self.is_private(item.optional_vars):
                rest = self.at(type(node)(node.items[number:], node.body), node)
                return self.visit_With(self.at(type(node)(node.items[:number], [rest]), node))
        stored = []
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
            if isinstance(node, ast.With):
                item.context_expr = self.call("@with", item.context_expr, at=item.context_expr)
            if item.optional_vars and not self.is_private(item.optional_vars):
                item.optional_vars, stored = self.named(item.optional_vars, item.optional_vars)
            elif item.optional_vars:
                item.optional_vars = self.visit(item.optional_vars)
        node.body = [*stored, *self.block(node.body)]
        return node

    visit_AsyncWith = visit_With

    def visit_AsyncFor(self, node):
        node.iter = self.visit(node.iter)
        return self.looped(node)

    def visit_ExceptHandler(self, node):
        node.type = node.type and self.visit(node.type)
        target = self.at(ast.Name(node.name or "", ast.Store()), node)
        if node.name is None or self.is_private(target):
            node.body = self.block(node.body)
            return node
        # except E as n: …  →  except E as @x: n = @x; try: … finally: n = None; del n
        name, (stored, _) = self.named(target, node)
        gone = [
            *self.notes([node.name], node),
            self.at(ast.Assign([ast.Name(node.name, ast.Store())], ast.Constant(None)), node),
            self.at(ast.Delete([ast.Name(node.name, ast.Del())]), node),
        ]
        node.name = name.id
        node.body = [stored, self.at(ast.Try(self.block(node.body), [], [], gone), node)]
        return node

    def visit_Import(self, node):
        names = [each.asname or each.name.partition(".")[0] for each in node.names]
        return [*self.notes(names, node), node]

    visit_ImportFrom = visit_Import

    def visit_Match(self, node):
        if self.here.kind != "class":  # there, what is kept in between would become an attribute
            return Patterns(self).opened(node)
        node.subject = self.call("@m", self.visit(node.subject), at=node.subject)
        for case in node.cases:
            case.guard = case.guard and self.truth(case.guard)
            case.body = self.block(case.body)
        return node

    def visit_Yield(self, node):
        node.value = node.value and self.visit(node.value)
        return self.call("@y", node, at=node)

    def visit_YieldFrom(self, node):
        node.value = self.call("@yf", self.visit(node.value), at=node.value)
        return node

    # -- scopes ------------------------------------------------------------------------------------

    def decorators(self, node):
        """What is called with a function or a class before its name is bound: the last is ours."""
        made = [self.visit(each) for each in node.decorator_list]
        place = self.place(node.name)
        return [self.call("@wd", *place, at=node), *made] if place else made

    def visit_FunctionDef(self, node):
        node.decorator_list = self.decorators(node)
        self.defaults(node.args)
        self.here, outer = self.scopes.of[node], self.here
        body = self.block(node.body)
        first = [] if not is_docstring(node.body[0]) else [body.pop(0)]
        if is_generator(node):
            body.insert(0, self.at(ast.Expr(self.call("@y", ast.Constant(None), at=node)), node))
        if self.here.captured & self.here.stored:
            token = ast.Assign(
                [ast.Name(f"@s{self.here.number}", ast.Store())], self.call("@scope", at=node)
            )
            body.insert(0, self.at(token, node))
        if self.switches:
            body.insert(0, self.at(ast.Expr(self.call("@back", at=node)), node))
        body.insert(0, self.at(ast.Expr(self.call("@in", at=node)), node))
        node.body = [*first, *body] or [ast.Pass()]
        self.here = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def defaults(self, given):
        """The default values of parameters."""
        given.defaults = [self.visit(each) for each in given.defaults]
        given.kw_defaults = [each and self.visit(each) for each in given.kw_defaults]

    def visit_Lambda(self, node):
        self.defaults(node.args)
        self.here, outer = self.scopes.of[node], self.here
        begun = self.call("@in", at=node.body)
        node.body = self.at(ast.IfExp(begun, self.visit(node.body), ast.Constant(None)), node.body)
        self.here = outer
        return node

    def visit_ClassDef(self, node):
        node.decorator_list = self.decorators(node)
        node.bases = [self.visit(each) for each in node.bases]
        node.keywords = [self.visit(each) for each in node.keywords]
        self.here, outer = self.scopes.of[node], self.here
        self.classes.append(node.name)
        node.body = self.block(node.body)
        self.classes.pop()
        self.here = outer
        return node

    def visit_comprehension_scope(self, node):
        first = node.generators[0]
        first.iter = self.call("@it", self.visit(first.iter), at=first.iter)
        self.here, outer = self.scopes.of[node], self.here
        for number, each in enumerate(node.generators):
            if number:
                each.iter = self.call("@it", self.visit(each.iter), at=each.iter)
            each.ifs = [self.truth(test) for test in each.ifs]
            each.target = self.visit(each.target)
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        if isinstance(node, ast.GeneratorExp):
            node.elt = self.call("@y", node.elt, at=node.elt)
        self.here = outer
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope


def is_generator(function):
    """Whether a plain function yields."""
    waiting = list(function.body) if isinstance(function, ast.FunctionDef) else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            waiting.extend(below(node))
    return False


def names_in(targets):
    """The plain names among targets, also those that are unpacked to."""
    found = []
    for target in targets:
        if isinstance(target, ast.Name):
            found.append(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            found += names_in(target.elts)
        elif isinstance(target, ast.Starred):
            found += names_in([target.value])
    return found


def is_docstring(node):
    """Whether a statement is nothing but a text."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def is_globals(node):
    """Whether an expression is `globals()`."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals"
    )


def is_number(node):
    """Whether an expression is a number as it stands there."""
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex)


def is_scalar(node):
    """Whether a comparison has a plain constant on one side, so that it looks into no container."""
    sides = (node.left, *node.comparators)
    return any(isinstance(e, ast.Constant) and not isinstance(e.value, bytes) for e in sides)


__all__ = ["COMPREHENSIONS", "DEFINITIONS", "FUNCTIONS", "function_of", "rewritten"]
