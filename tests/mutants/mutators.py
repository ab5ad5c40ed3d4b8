"""Small changes of a module's meaning: each is one place of its syntax tree, and what is put there.

Left alone is what cannot show: docstrings, annotations, assertions (they narrow types), `__all__`, the sentences that
users read, and those by which a developer is told of a fault of the program.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

READ_BY_USERS = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
}


@dataclass(frozen=True)
class Mutant:
    """One change of one module. `key` names it as long as the line it changes stays as it is."""

    path: str
    line: int
    kind: str
    before: str
    after: str
    key: str
    at: int
    variant: int


Change = tuple[str, ast.AST, str]
"""What kind of change, what is put there, and how that reads; empty where the new node reads by itself."""


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree, found, seen = ast.parse(source), [], dict[str, int]()
    owners = dict(_owners(tree))
    left_alone = set(_left_alone(tree))
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in left_alone:
            continue
        for variant, (kind, new, words) in enumerate(changes_of(node)):
            before, after = _said(node), words or _said(new)
            if before == after:
                continue
            key = f"{path}::{owners.get(id(node), '')}::{kind}::{before} -> {after}"
            seen[key] = seen.get(key, 0) + 1
            key = key if seen[key] == 1 else f"{key} #{seen[key]}"
            found.append(Mutant(path, getattr(node, "lineno", 0), kind, before, after, key, at, variant))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.at, mutant.variant))


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The tree of a module with one change in it."""
    tree = ast.parse(source)
    old = next(node for at, node in enumerate(ast.walk(tree)) if at == mutant.at)
    _, new, _ = list(changes_of(old))[mutant.variant]
    return ast.fix_missing_locations(_Put(old, ast.copy_location(new, old)).visit(tree))


def changes_of(node: ast.AST) -> Iterator[Change]:
    """What can be put in the place of a node."""
    for mutate in MUTATORS:
        yield from mutate(node)


def _comparison(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                new = copy.deepcopy(node)
                new.ops[at] = COMPARISONS[type(operator)]()
                yield "comparison", new, ""


def _boolean(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", ast.BoolOp(other, copy.deepcopy(node.values)), ""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield "boolean", copy.deepcopy(node.operand), ""


def _guard(node: ast.AST) -> Iterator[Change]:
    """What is refused, or left early, is not any more."""
    leaves = ast.Raise | ast.Return | ast.Continue
    if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], leaves):
        new = copy.deepcopy(node)
        new.test = ast.Constant(False)
        yield "guard", new, "never"


def _constant(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value), ""
    elif isinstance(node.value, int):
        yield "constant", ast.Constant(node.value + 1), ""
    elif isinstance(node.value, str) and node.value and not _is_label(node):
        yield "constant", ast.Constant(f"{node.value}_"), ""


def _returned(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", ast.Return(ast.Constant(None)), ""


def _arithmetic(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        new = copy.deepcopy(node)
        new.op = ARITHMETIC[type(node.op)]()
        yield "arithmetic", new, ""
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = ARITHMETIC[type(node.op)]()
        yield "arithmetic", changed, ""


def _removed_call(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "removed call", ast.Pass(), ""


def _removed_element(node: ast.AST) -> Iterator[Change]:
    """A row of a table, a member of a set, a condition of a query."""
    if isinstance(node, ast.Set):
        for at, one in _several(node.elts):
            yield "removed element", ast.Set(_without(node.elts, at)), f"without {_said(one)}"
    if isinstance(node, ast.Dict):
        for at, one in _several([key for key in node.keys if key is not None]):
            rest = ast.Dict(_without(node.keys, at), _without(node.values, at))
            yield "removed element", rest, f"without {_said(one)}"
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Name):
        for at, one in _several(node.value.elts):
            rest_of = ast.Assign(node.targets, ast.Tuple(_without(node.value.elts, at), ast.Load()))
            yield "removed element", rest_of, f"without {_said(one)}"
    yield from _removed_condition(node)


def _removed_condition(node: ast.AST) -> Iterator[Change]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return
    if node.func.attr in ("filter", "exclude") and len(node.keywords) + len(node.args) > 1:
        for at, one in enumerate(node.keywords):
            rest = ast.Call(node.func, node.args, _without(node.keywords, at))
            yield "removed element", rest, f"without {one.arg}={_said(one.value)}"


MUTATORS: tuple[Callable[[ast.AST], Iterator[Change]], ...] = (
    _comparison,
    _boolean,
    _guard,
    _constant,
    _returned,
    _arithmetic,
    _removed_call,
    _removed_element,
)


def _several(elements: list[ast.expr]) -> list[tuple[int, ast.expr]]:
    """The elements with their places, without labels that users read; none where there is only one."""
    return [pair for pair in enumerate(elements) if not _is_label(pair[1])] if len(elements) > 1 else []


def _is_label(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(READ_BY_USERS.search(node.value))


def _without(elements: list[ast.expr] | list[ast.expr | None] | list[ast.keyword], at: int) -> list:  # type: ignore[type-arg]
    return [*elements[:at], *elements[at + 1 :]]


def _left_alone(tree: ast.Module) -> Iterator[int]:
    """Nodes that are not mutated, with all below them."""
    for node in ast.walk(tree):
        for below in _annotations(node):
            yield from (id(one) for one in ast.walk(below))
        if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr) or _is_docstring(node):
            yield from (id(one) for one in ast.walk(node))
        if isinstance(node, ast.Raise):
            yield from (id(one) for one in ast.walk(node) if isinstance(one, ast.Constant))
        if isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in _said(node).partition("=")[0]:
            yield from (id(one) for one in ast.walk(node))


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        if isinstance(below := getattr(node, name, None), ast.AST):
            yield below
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from node.bases
    if isinstance(node, ast.Call) and _said(node.func) in ("TypeVar", "cast"):
        yield node
    if isinstance(node, ast.Assign) and _said(node.value).startswith(("tuple[", "Mapping[", "dict[", "Callable[")):
        yield node  # a name for a type


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _owners(node: ast.AST, owner: str = "") -> Iterator[tuple[int, str]]:
    """Each node with the name of the function or class it stands in."""
    for child in ast.iter_child_nodes(node):
        own = f"{owner}.{child.name}".strip(".") if isinstance(child, ast.FunctionDef | ast.ClassDef) else owner
        yield id(child), own
        yield from _owners(child, own)


def _said(node: ast.AST) -> str:
    """A node as it is written, its first line where it has many."""
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    return text if len(text) <= 160 and "\n" not in text else f"{text.splitlines()[0][:160]}…"


class _Put(ast.NodeTransformer):
    """Puts a new node in the place of an old one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)
