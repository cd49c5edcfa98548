"""A `match` statement opened into its steps: type, length, items, one after the other, so that others may come between.

The order is the interpreter's own.  A case becomes a wildcard with a guard; the guard asks step by step, keeps what
it takes apart in names that no program can write, and binds the pattern's names once all of it fits:

    case [x, "a"]:    →    case _ if @ms(@1) and @ml(@1) == 2 and (@2 := @mu(@1, 2),) and … and (x := @3,):
"""

import ast


class Patterns:
    """Turns the patterns of one `match` statement into expressions; `rewriter` writes their
    pieces."""

    def __init__(self, rewriter):
        self.rewriter = rewriter

    def opened(self, node):
        """The statement, rewritten."""
        subject = self.fresh()
        node.subject = self.kept(subject, self.rewriter.visit(node.subject), node.subject)
        node.subject = node.subject.elts[0]
        for case in node.cases:
            self.case(case, subject)
        return node

    def case(self, case, subject):
        """One case: everything it asks becomes its guard."""
        pattern, self.names = case.pattern, {}
        asked = self.steps(pattern, subject)
        asked += [self.bound(*pair, pattern) for pair in self.names.items()]
        if case.guard:
            asked.append(self.rewriter.truth(case.guard))
        if asked:
            case.guard = self.at(self.every(asked), pattern)
            case.pattern = ast.copy_location(ast.MatchAs(), pattern)
        case.body = self.rewriter.block(case.body)

    # -- small pieces --

    def at(self, node, place):
        return self.rewriter.at(node, place)

    def call(self, name, *parts, at):
        return self.rewriter.call(name, *parts, at=at)

    def fresh(self):
        """A name for something in between."""
        self.rewriter.kept += 1
        return f"@{self.rewriter.kept}"

    def load(self, name):
        return ast.Name(name, ast.Load())

    def kept(self, name, value, at):
        """Keep a value; as a condition it is true."""
        stored = ast.NamedExpr(ast.Name(name, ast.Store()), value)
        return self.at(ast.Tuple([stored], ast.Load()), at)

    def bound(self, name, source, at):
        """Bind a name of the program."""
        value = self.rewriter.stored(self.load(source), [ast.Name(name, ast.Store())], at)
        return self.kept(name, value, at)

    def every(self, asked):
        """All of these, in order."""
        return asked[0] if len(asked) == 1 else ast.BoolOp(ast.And(), asked)

    def parts(self, patterns, source, at):
        """Patterns for the items of a tuple that was kept."""
        asked = []
        for number, pattern in enumerate(patterns):
            if is_wildcard(pattern):
                continue
            name = self.fresh()
            item = ast.Subscript(self.load(source), ast.Constant(number), ast.Load())
            asked += [self.kept(name, item, at), *self.steps(pattern, name)]
        return asked

    # -- kinds of patterns --

    def steps(self, pattern, subject):
        """What a pattern asks of a subject, as conditions in order."""
        return getattr(self, type(pattern).__name__)(pattern, subject)

    def MatchValue(self, pattern, subject):  # noqa: N802
        value = self.rewriter.visit(pattern.value)
        same = self.call("@beq", self.load(subject), value, at=pattern)
        return [self.call("@t", same, at=pattern)]

    def MatchSingleton(self, pattern, subject):  # noqa: N802
        value = ast.Constant(pattern.value)
        return [self.at(ast.Compare(self.load(subject), [ast.Is()], [value]), pattern)]

    def MatchAs(self, pattern, subject):  # noqa: N802
        asked = [] if pattern.pattern is None else self.steps(pattern.pattern, subject)
        if pattern.name is not None:
            self.names[pattern.name] = subject
        return asked

    def MatchOr(self, pattern, subject):  # noqa: N802
        outer, common, either = self.names, {}, []
        for alternative in pattern.patterns:
            self.names = {}
            asked = self.steps(alternative, subject)
            for name, source in self.names.items():
                known = common.setdefault(name, self.fresh())
                asked.append(self.kept(known, self.load(source), alternative))
            either.append(self.every(asked or [ast.Constant(True)]))
        self.names = outer | common
        return [self.at(ast.BoolOp(ast.Or(), either), pattern)]

    def length(self, subject, operator, size, at):
        """A look at the length."""
        measured = self.call("@ml", self.load(subject), at=at)
        return self.at(ast.Compare(measured, [operator], [ast.Constant(size)]), at)

    def MatchSequence(self, pattern, subject):  # noqa: N802
        parts = pattern.patterns
        star = next((n for n, each in enumerate(parts) if isinstance(each, ast.MatchStar)), None)
        asked = [self.call("@ms", self.load(subject), at=pattern)]
        if star is None:
            asked.append(self.length(subject, ast.Eq(), len(parts), pattern))
        elif len(parts) > 1:
            asked.append(self.length(subject, ast.GtE(), len(parts) - 1, pattern))
        if all(is_wildcard(each) for each in parts):
            return asked
        if star is not None and is_wildcard(parts[star]):
            return asked + self.subscripts(parts, star, subject, pattern)
        whole, after = self.fresh(), None if star is None else len(parts) - star - 1
        sizes = ast.Constant(len(parts)), ast.Constant(after)
        taken = self.call("@mu", self.load(subject), *sizes, at=pattern)
        named = [as_name(each) if isinstance(each, ast.MatchStar) else each for each in parts]
        return [
            *asked,
            self.kept(whole, taken, pattern),
            *self.parts(named, whole, pattern),
        ]

    def subscripts(self, parts, star, subject, at):
        """Items one by one, where the middle is not asked for."""
        asked = []
        for number, pattern in enumerate(parts):
            if is_wildcard(pattern):
                continue
            index = ast.Constant(number)
            if number > star:
                measured = self.call("@ml", self.load(subject), at=at)
                index = ast.BinOp(measured, ast.Sub(), ast.Constant(len(parts) - number))
            name = self.fresh()
            taken = self.call("@item", self.load(subject), index, at=pattern)
            asked += [self.kept(name, taken, pattern), *self.steps(pattern, name)]
        return asked

    def MatchMapping(self, pattern, subject):  # noqa: N802
        asked = [self.call("@mm", self.load(subject), at=pattern)]
        if not pattern.keys and not pattern.rest:
            return asked
        keys, values, rest = self.fresh(), self.fresh(), self.fresh()
        if pattern.keys:
            asked.append(self.length(subject, ast.GtE(), len(pattern.keys), pattern))
        written = ast.Tuple([self.rewriter.visit(key) for key in pattern.keys], ast.Load())
        asked.append(self.kept(keys, written, pattern))
        taken = self.call("@mk", self.load(subject), self.load(keys), at=pattern)
        asked += [self.kept(values, taken, pattern), self.is_there(values)]
        asked += self.parts(pattern.patterns, values, pattern)
        if pattern.rest:
            left = self.call("@mr", self.load(subject), self.load(keys), at=pattern)
            asked.append(self.kept(rest, left, pattern))
            self.names[pattern.rest] = rest
        return asked

    def MatchClass(self, pattern, subject):  # noqa: N802
        values = self.fresh()
        kind = self.rewriter.visit(pattern.cls)
        names = ast.Tuple([ast.Constant(name) for name in pattern.kwd_attrs], ast.Load())
        given = self.load(subject), kind, ast.Constant(len(pattern.patterns)), names
        asked = [
            self.kept(values, self.call("@mc", *given, at=pattern), pattern),
            self.is_there(values),
        ]
        return asked + self.parts([*pattern.patterns, *pattern.kwd_patterns], values, pattern)

    def is_there(self, name):
        """Whether something was found at all."""
        return ast.Compare(self.load(name), [ast.IsNot()], [ast.Constant(None)])


def is_wildcard(pattern):
    """Whether a pattern fits everything and keeps nothing."""
    if isinstance(pattern, ast.MatchStar):
        return pattern.name is None
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None and pattern.name is None


def as_name(star):
    """`*rest` as a plain name: what it stands for is cut out already."""
    return ast.copy_location(ast.MatchAs(name=star.name), star)
