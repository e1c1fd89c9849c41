"""Every public function and class says what it does and what it takes: docstrings and full annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from places import REPO

LIBRARY = REPO / "lib" / "vbhc"
ROOMS = (
    *("__init__", "chapters", "cleaning", "cli", "files", "instruments", "interviews", "problems", "publish"),
    *("report", "run", "shipped", "simulate", "statistics", "study", "synthetic", "wording"),
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def gaps(room: str) -> list[str]:
    """What is missing in a room (a folder or a module of the library), as "file:line name: what"."""
    place = LIBRARY / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return [
        f"{file.relative_to(REPO)}:{node.lineno} {node.name}: no {' and no '.join(missing)}"
        for file in files
        for node, method in public(ast.parse(file.read_text(encoding="utf-8")))
        if (missing := lacks(node, method))
    ]


def public(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[Function | ast.ClassDef, bool]]:
    """Functions, classes and their methods without a leading underscore, and whether each is a method."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node, isinstance(tree, ast.ClassDef)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node)


def lacks(node: Function | ast.ClassDef, method: bool) -> list[str]:
    missing = [] if ast.get_docstring(node) else ["docstring"]
    if isinstance(node, ast.ClassDef):
        return missing
    inputs = node.args
    named = [*inputs.posonlyargs, *inputs.args, inputs.vararg, *inputs.kwonlyargs, inputs.kwarg]
    named = named[1:] if method and not is_static(node) else named
    missing += [f"annotation of {one.arg}" for one in named if one and one.annotation is None]
    return missing + ["annotation of what is returned"] * (node.returns is None)


def is_static(node: Function) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in node.decorator_list)


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_public_is_documented_and_typed(room):
    found = gaps(room)
    assert not found, "\n".join(found)


def test_gaps_are_found():
    tree = ast.parse('def f(a: int, b):\n    pass\nclass C:\n    """Doc."""\n    def m(self) -> None: ...\n')
    assert [lacks(*one) for one in public(tree)] == [
        ["docstring", "annotation of b", "annotation of what is returned"], [], ["docstring"],
    ]  # fmt: skip
