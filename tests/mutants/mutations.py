"""Find the places of a module where a small fault could be, and compile the module with one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

#: name and first line of a function, its decorators included: as its code object has them
Key = tuple[str, int]

PAIRS = (
    (ast.Eq, ast.NotEq),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Div),
    (ast.BitOr, ast.BitAnd),
    (ast.And, ast.Or),
)
#: one operator for the other, both ways
SWAPPED = dict(PAIRS) | {second: first for first, second in PAIRS}
#: calls whose words are for people, and who hears of them: no rule of the portal
WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "log_event"}


@dataclass
class Mutant:
    """One fault: `fault` takes the place of `node` in the field of its parent."""

    tree: ast.Module
    parent: ast.AST
    field: str
    place: int | None
    node: ast.AST
    fault: ast.AST
    owner: Key

    def __str__(self) -> str:
        before, after = (" ".join(ast.unparse(each).split()) for each in (self.node, self.fault))
        return f"{self.node.lineno}: {before[:70]}  →  {after[:70]}"

    def compile(self, path: str) -> CodeType:
        """Compile the module with the fault, and leave the tree as it was."""
        self._put(self.fault)
        try:
            return compile(ast.fix_missing_locations(self.tree), path, "exec")
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


def find_mutants(path: Path) -> list[Mutant]:
    """Return every fault that this tool knows, within the functions of a module."""
    tree = ast.parse(path.read_text())
    mutants: list[Mutant] = []
    for where, node, owner in _nodes(tree, None):
        faults = [ast.copy_location(fault, node) for fault in _faults(node, where[0])]
        mutants += [Mutant(tree, *where, node, fault, owner) for fault in faults]
    return mutants


def _nodes(parent: ast.AST, owner: Key | None) -> Iterator[tuple[tuple, ast.AST, Key]]:
    for field, value in ast.iter_fields(parent):
        if _is_left_out(parent, field):
            continue
        children: list[tuple[int | None, Any]] = [(None, value)]
        if isinstance(value, list):
            children = list(enumerate(value))
        for place, node in children:
            if not isinstance(node, ast.AST) or _is_words(node):
                continue
            if owner:
                yield (parent, field, place), node, owner
            yield from _nodes(node, key_of(node) if isinstance(node, ast.FunctionDef) else owner)


def key_of(function: ast.FunctionDef) -> Key:
    first = min([each.lineno for each in function.decorator_list] + [function.lineno])
    return function.name, first


def _is_left_out(parent: ast.AST, field: str) -> bool:
    """What runs once, when the module is imported, and what never runs."""
    is_head = isinstance(parent, ast.FunctionDef) and field != "body"
    return is_head or field in ("annotation", "decorator_list", "format_spec")


def _is_words(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Expr):
        node = node.value
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in WORDS


def _faults(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a node by mistake."""
    if isinstance(node, ast.Constant):
        if not isinstance(parent, ast.JoinedStr):
            yield from _other_constants(node.value)
        return
    match node:
        case ast.Compare(ops=[operator]):
            yield ast.Compare(node.left, [SWAPPED[type(operator)]()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(SWAPPED[type(node.op)](), node.values)
        case ast.BinOp() if type(node.op) in SWAPPED:
            yield ast.BinOp(node.left, SWAPPED[type(node.op)](), node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.If() | ast.IfExp():
            yield _negated(node)
        case ast.Return(value=ast.AST()):
            yield ast.Return(ast.Constant(None))


def _other_constants(value: Any) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}X")


def _negated(node: ast.If | ast.IfExp) -> ast.AST:
    test = ast.UnaryOp(ast.Not(), node.test)
    return type(node)(test=test, body=node.body, orelse=node.orelse)


def code_by_key(code: CodeType) -> dict[Key, CodeType]:
    """Return the code of every function of a compiled module, however deep it lies."""
    found = {}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found[inner.co_name, inner.co_firstlineno] = inner
            found |= code_by_key(inner)
    return found
