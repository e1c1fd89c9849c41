"""What the `parameters` cell of a notebook declares: `name: type = literal  # help`, a line each."""

import ast
import io
import math
import tokenize
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from vbhc.problems import Problem, StudyError, refuse
from vbhc.publish.notebook_files import read_cells, tags

TYPES: dict[str, type[Any]] = {t.__name__: t for t in (str, int, float, bool, list, dict)}


EXPECTED = {
    "str": "a text",
    "int": "a whole number, such as 7",
    "float": "a number with a decimal point, such as 0.95",
    "bool": "true or false",
    "list": 'a list, such as ["kccq_os", "eq5d_index"]',
    "dict": 'a mapping, such as {"high": 1}',
}


@dataclass(frozen=True)
class Parameter:
    """One line of a `parameters` cell: `name: type = default  # help`."""

    name: str
    type: str
    default: Any
    help: str = ""


def declared_parameters(path: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares, in order.

    Raises
    ------
    StudyError
        When the notebook has not exactly one cell tagged `parameters`, or a line of it is no
        `name: type = literal` with a type of `TYPES`; every such line is named.
    """
    shown = f"notebooks/{path.name}"
    cells = [cell["source"] for cell in read_cells(path) if "parameters" in tags(cell)]
    if len(cells) != 1:
        found = f"{len(cells)} cells tagged 'parameters'"
        raise StudyError([Problem(shown, found, "exactly one")])
    try:
        statements = ast.parse(cells[0]).body
    except SyntaxError as error:
        found = "parameters cell is no Python"
        raise StudyError([Problem(shown, found, str(error.msg), row=error.lineno)]) from error
    tokens = tokenize.generate_tokens(io.StringIO(cells[0]).readline)
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    results = [_parameter(statement, comments, shown) for statement in statements]
    refuse([result for result in results if isinstance(result, Problem)])
    return {result.name: result for result in results if isinstance(result, Parameter)}


def _parameter(statement: ast.stmt, comments: dict[int, str], shown: str) -> Parameter | Problem:
    line = ast.unparse(statement).splitlines()[0]
    fault = partial(Problem, shown, f"parameter line {line!r}")
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        return fault("write `name: type = literal  # help`")
    kind = ast.unparse(statement.annotation)
    if kind not in TYPES:
        return fault(f"the type is one of {', '.join(TYPES)}")
    try:
        default = _fit(ast.literal_eval(statement.value), kind)
    except (ValueError, TypeError):
        return fault("the default is a literal, not computed")
    if default is None:
        return fault(f"the default is {EXPECTED[kind]}")
    return Parameter(statement.target.id, kind, default, comments.get(statement.end_lineno, ""))


def _fit(value: Any, kind: str) -> Any:
    """Return a typed value as `kind`, or None where it is of another type (a bool is no number)."""
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "bool"):
        return None
    return None if kind == "float" and not math.isfinite(value) else value
