"""Which names of a program are globals, cells of closures, or private to one call: the compiler's
rules, from the text.

Only names that more than one call may see need an access of their own: a global that is stored, and
a variable that an inner function captures.  A local that nobody captures belongs to its worker."""

import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Scope:
    """The names of a module, a class, a function or a comprehension."""

    def __init__(self, kind, parent, number):
        self.kind, self.parent, self.number = kind, parent, number
        self.bound, self.defined, self.stored = set(), {}, set()
        self.globals, self.nonlocals, self.captured = set(), set(), set()
        self.children = []
        if parent is not None:
            parent.children.append(self)

    def bind(self, name):
        """The name is stored here."""
        scope = self
        while scope.kind == "comprehension" and name not in scope.bound:
            scope = scope.parent
        scope.stored.add(name)
        scope.bound.add(name)

    def owner(self, name):
        """The function scope whose variable this is, or the module's scope."""
        scope, first = self, True
        while scope.parent is not None:
            if name in scope.globals:
                return scope.top()
            visible = first or scope.kind != "class"
            if visible and name in scope.bound and name not in scope.nonlocals:
                return scope
            first = first and scope.kind == "comprehension"
            scope = scope.parent
        return scope

    def top(self):
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


class Scopes(ast.NodeVisitor):
    """Finds the scope of every node that opens one; `of[node]` is it."""

    def __init__(self, tree):
        self.of, self.number = {}, 0
        self.used = []
        self.open = any(
            getattr(node, "id", getattr(node, "attr", ""))
            in ("exec", "eval", "globals", "vars", "__dict__")
            or (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
            for node in ast.walk(tree)
        )
        self.here = self.module = self.enter(tree, "module")
        self.generic_visit(tree)
        for name, scope in self.used:
            owner = scope.owner(name)
            if owner.kind == "function" and owner is not function_of(scope):
                owner.captured.add(name)

    def enter(self, node, kind):
        """A new scope."""
        self.number += 1
        self.of[node] = Scope(kind, getattr(self, "here", None), self.number)
        return self.of[node]

    def shared_global(self, name):
        """Whether a global may change while others look at it: one that is stored other than by one
        definition."""
        top = self.module
        if name in top.defined:
            return top.defined[name] > 1 or name in top.stored
        return name in top.stored or self.open

    # -- what binds --------------------------------------------------------------------------------

    def visit_Name(self, node):
        self.used.append((node.id, self.here))
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def bind(self, name):
        """A store, which goes to the module where the name is declared so."""
        scope = function_of(self.here)
        if name in scope.globals:
            self.module.stored.add(name)
        elif name in scope.nonlocals:
            owner = scope.parent.owner(name)
            owner.stored.add(name)
            owner.captured.add(name)
        else:
            self.here.bind(name)

    def define(self, name):
        """A definition or an import, which is rarely done twice."""
        if self.here.kind == "module":
            self.here.defined[name] = self.here.defined.get(name, 0) + 1
        else:
            self.bind(name)

    def visit_Global(self, node):
        self.here.globals.update(node.names)

    def visit_Nonlocal(self, node):
        self.here.nonlocals.update(node.names)

    def visit_alias(self, node):
        self.define(node.asname or node.name.partition(".")[0])

    def visit_ExceptHandler(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node):
        if node.name:
            self.bind(node.name)

    def visit_MatchMapping(self, node):
        if node.rest:
            self.bind(node.rest)
        self.generic_visit(node)

    # -- what opens a scope ------------------------------------------------------------------------

    def inside(self, node, kind, parts, arguments=()):
        """Visit parts in a scope of their own."""
        outer, self.here = self.here, self.enter(node, kind)
        for name in arguments:
            self.here.bound.add(name)
        self.declare(parts)
        for part in parts:
            self.visit(part)
        self.here = outer

    def declare(self, parts):
        """`global` and `nonlocal` hold for the whole function, also for lines before them."""
        waiting = list(parts)
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                self.visit(node)
            elif not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                waiting.extend(below(node))

    def visit_FunctionDef(self, node):
        self.define(node.name)
        self.outside(node)
        self.inside(node, "function", node.body, arguments(node))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.outside(node)
        self.inside(node, "function", [node.body], arguments(node))

    def outside(self, node):
        """Decorators and defaults are evaluated where the function is defined."""
        for part in (
            *getattr(node, "decorator_list", ()),
            *node.args.defaults,
            *node.args.kw_defaults,
        ):
            if part is not None:
                self.visit(part)

    def visit_ClassDef(self, node):
        self.define(node.name)
        for part in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
            self.visit(part)
        self.inside(node, "class", node.body)

    def visit_comprehension_scope(self, node):
        self.visit(node.generators[0].iter)
        outer, self.here = self.here, self.enter(node, "comprehension")
        for each in node.generators:
            for target in ast.walk(each.target):
                if isinstance(target, ast.Name):
                    self.here.bound.add(target.id)
        for number, each in enumerate(node.generators):
            for part in (each.target, *((each.iter,) if number else ()), *each.ifs):
                self.visit(part)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self.here = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope


def function_of(scope):
    """The scope that really owns what is stored in a comprehension by `:=`."""
    while scope.kind == "comprehension":
        scope = scope.parent
    return scope


def arguments(node):
    """The names of a function's parameters."""
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [each.arg for each in every if each is not None]


def below(node):
    """The nodes right below a node that have parts or a place themselves."""
    for name in node._fields:
        value = getattr(node, name, None)
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, ast.AST) and (each._fields or each._attributes):
                yield each
