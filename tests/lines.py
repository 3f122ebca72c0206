"""Rules on single expressions that ruff does not have: a line that needs two readings becomes two."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator

from tests.messages import ROOT

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def crowded_expressions() -> list[str]:
    """Return place and fault of each crowded expression in the modules of the project."""
    command = ["git", "ls-files", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    faults: list[str] = []
    for name in listed.split():
        path = ROOT / name
        if path.exists() and "migrations" not in name:
            faults += [f"{name}:{fault}" for fault in faults_of(path.read_text(encoding="utf-8"))]
    return faults


def faults_of(source: str) -> Iterator[str]:
    """Yield line and fault of each crowded expression in the source of a module."""
    for node in ast.walk(ast.parse(source)):
        fault = _fault_of(node)
        if fault:
            yield f"{node.lineno}: {fault}: {ast.unparse(node):.80}"


def _fault_of(node: ast.AST) -> str:
    if isinstance(node, ast.IfExp):
        inner = [part for part in ast.walk(node) if isinstance(part, ast.IfExp)]
        return "a conditional expression within another" if len(inner) > 1 else ""
    if not isinstance(node, COMPREHENSIONS):
        return ""
    if len(node.generators) > 1:
        return "a comprehension over more than one level"
    conditions = node.generators[0].ifs
    return "a comprehension with more than one condition" if len(conditions) > 1 else ""
