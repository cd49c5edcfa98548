"""Which bytecodes of a program are decision points, and what else the stage must know of each.

The text says what is shared (`sharing`), the bytecode says when it is touched; the positions that the compiler leaves
in the bytecode join the two.  So the points are the same accesses on every Python, whatever its bytecodes are.
"""

import ast
import dis
import sys
from types import CodeType

DECIDE, WRITE, SWITCH, ENTRY, JUMP, LOOP = 1, 2, 4, 8, 16, 32
"""What may be said of a bytecode: decision point, writes, lets others in afterwards, first of a function, jumps back,
jumps back to the head of a `while`."""

GRAINS = ("access", "bytecode", "line")
STORES = {"STORE_ATTR", "DELETE_ATTR", "STORE_GLOBAL", "DELETE_GLOBAL"}
ITEMS = {"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"}
ITEM_READS = {"BINARY_SUBSCR", "BINARY_SLICE", "CONTAINS_OP"}
LOADS = {"LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_SUPER_ATTR"}
CELLS = {"LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF", "LOAD_CLASSDEREF"}
CALLS = {"CALL", "CALL_KW", "CALL_FUNCTION_EX"}
USES = {"BINARY_OP", "COMPARE_OP", "UNPACK_SEQUENCE", "UNPACK_EX"}
SILENT = {"RESUME", "CACHE", "EXTENDED_ARG", "PRECALL", "COPY_FREE_VARS", "MAKE_CELL", "RETURN_GENERATOR", "NOP"}
SILENT |= {"NOT_TAKEN"}
HAS_TO_BOOL = sys.version_info >= (3, 13)
VALUES = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
ASSERTED = (ast.Assert, ast.Compare, ast.BoolOp, ast.UnaryOp)
"""Where a call without a call in the text stands: making the AssertionError.  Others enter and leave a `with`."""
TRACED = sys.version_info < (3, 12)
"""3.11 reports an instruction at the offset of its EXTENDED_ARG; later versions at its own."""


class Points:
    """For each code object of a program: offset → flags, and offset → the bytecode as text."""

    def __init__(self, code, tree, sharing):
        self.sharing = sharing
        self.nodes = by_position(tree)
        self.codes = list(nested(code))
        self.instructions = {each: list(numbered(each)) for each in self.codes}

    def table(self, grain, every=False):
        """`{code: {offset: flags}}` for a grain; `every`: also bytecodes of which nothing is to be said."""
        if grain not in GRAINS:
            raise ValueError(f"grain {grain!r} is unknown: choose one of {', '.join(GRAINS)}.")
        every = every or grain != "access"
        return {c: {o: flags for o, flags in self._flags(c, grain) if flags or every} for c in self.codes}

    def accesses(self):
        """`{code: offsets}` of the shared accesses."""
        return {c: {o for o, flags in self._flags(c, "access") if flags & DECIDE} for c in self.codes}

    def _flags(self, code, grain):
        heads = {i.argval for _, i in self.instructions[code] if is_back(i)}
        entry, line, before = ENTRY, None, None
        for offset, it in self.instructions[code]:
            if it.opname in SILENT:
                continue
            flags = self._access(it, before) | entry
            entry, before = 0, it
            if is_back(it):
                flags |= JUMP | (LOOP if self._is_while(code, it) else 0)
            new_line = it.positions.lineno not in (line, None) or offset in heads
            line = it.positions.lineno or line
            if grain != "access":
                flags = flags & ~DECIDE | (DECIDE if grain == "bytecode" or new_line else 0)
            yield offset, flags

    def _is_while(self, code, jump):
        target = next((it for _, it in self.instructions[code] if it.offset == jump.argval), None)
        return target is None or target.opname != "FOR_ITER"

    def _access(self, it, before):
        """The flags of one bytecode, which follows another, at the grain of shared accesses."""
        name, sharing = it.opname, self.sharing
        node = self.nodes.get(place(it.positions))
        if name in STORES:
            return 0 if node in sharing.private else DECIDE | WRITE
        if name in ITEMS:
            return DECIDE | WRITE
        if name in ITEM_READS or (name == "BINARY_OP" and it.argrepr == "[]"):
            return DECIDE
        if name in LOADS:
            return DECIDE if sharing.is_shared(it.argval) else 0
        if name in CELLS:
            return (DECIDE | (0 if name.startswith("LOAD") else WRITE)) if sharing.is_shared(it.argval) else 0
        if name in CALLS:
            return self._call(node)
        if name in ("BEFORE_WITH", "WITH_EXCEPT_START"):
            return DECIDE | WRITE | (SWITCH if name != "BEFORE_WITH" else 0)
        if is_test(name):
            tested = node if HAS_TO_BOOL or before is None else self.nodes.get(place(before.positions))
            return DECIDE if isinstance(tested, VALUES) and sharing.holds(tested) else 0
        return self._use(name, node)

    def _call(self, node):
        if isinstance(node, ASSERTED):
            return 0
        if not isinstance(node, ast.Call):
            return DECIDE | WRITE | SWITCH
        if self.sharing.is_own(node):
            return 0
        if self.sharing.is_pure(node):
            return SWITCH
        return DECIDE | SWITCH | (0 if self.sharing.is_reading(node) else WRITE)

    def _use(self, name, node):
        """A container is read without being named in the bytecode."""
        holds = self.sharing.holds
        if name in USES:
            used = DECIDE if any(holds(n) for n in operands(node)) else 0
            return used | (WRITE if used and isinstance(node, ast.AugAssign) else 0)
        if name in ("GET_ITER", "FOR_ITER"):
            return DECIDE if node is not None and holds(iterated(node)) else 0
        return 0


def numbered(code):
    """Pairs of the offset at which this Python reports an instruction, and the instruction."""
    prefix = None
    for it in dis.get_instructions(code):
        if it.opname == "EXTENDED_ARG":
            prefix = it.offset if prefix is None else prefix
            continue
        yield (prefix if TRACED and prefix is not None else it.offset), it
        prefix = None


def nested(code):
    """A code object and all inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)


def is_back(it):
    """Whether an instruction jumps backward and lets other threads in."""
    return "JUMP_BACKWARD" in it.opname and "NO_INTERRUPT" not in it.opname


def place(spot):
    """A position as a key."""
    return spot.lineno, spot.end_lineno, spot.col_offset, spot.end_col_offset


def by_position(tree):
    """Nodes by their place; of two at one place the inner."""
    return {place(node): node for node in ast.walk(tree) if hasattr(node, "lineno") and not isinstance(node, ast.Expr)}


def operands(node):
    """What a sum, a comparison or an unpacking reads; nothing where the other side is a plain number."""
    if isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
        return [] if any(isinstance(part, ast.Constant) for part in parts) else parts
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
        return [] if any(is_number(part) for part in parts) and not isinstance(node.op, ast.Mult) else parts
    if isinstance(node, ast.AugAssign):
        return [] if is_number(node.value) else [node.target, node.value]
    return [node] if isinstance(node, ast.expr) else []


def is_number(node):
    """Whether a node is a number written down."""
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))


def iterated(node):
    """The expression that a loop goes over."""
    if isinstance(node, ast.For):
        return node.iter
    return node.generators[0].iter if hasattr(node, "generators") else node


def is_test(name):
    """Whether a bytecode asks for the truth of a value."""
    if HAS_TO_BOOL:
        return name == "TO_BOOL"
    return name == "UNARY_NOT" or ("JUMP" in name and "_IF_" in name)


def bytecode_text(it):
    """A bytecode as learners see it: name and argument."""
    argument = it.argrepr.replace(" + NULL|self", "").replace("NULL|self + ", "").replace(" + NULL", "")
    return f"{it.opname} {argument.replace('NULL + ', '')}".rstrip()
