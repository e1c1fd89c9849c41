"""The parameters of a notebook: what its `parameters` cell declares, and values checked against that.

papermill guesses a type from the value (a site code "010" becomes 8, "NO" becomes False) and runs on when a
name is misspelt. Here the declared type decides, and an unknown name is an error.
"""

from __future__ import annotations

import ast
import io
import json
import math
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vbhc.config import FORMS
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.run.notebook_files import read_cells, tags

TYPES: dict[str, type] = {t.__name__: t for t in (str, int, float, bool, list, dict)}
EXPECTED = {
    "str": "a text",
    "int": "a whole number, such as 7",
    "float": "a number with a decimal point, such as 0.95",
    "bool": "true or false",
    "list": 'a list, such as ["kccq_os", "eq5d_index"]',
    "dict": 'a mapping, such as {"high": 1}',
}
SHARE = "a share between 0 and 1, such as"
# What parameters of these names mean in every notebook: least, below, in words.
RANGES = {
    "ci_level": (math.ulp(0), 1, f"{SHARE} 0.95"),
    "alpha": (math.ulp(0), 1, f"{SHARE} 0.05"),
    "margin": (0, 1, "a correlation between 0 and 1, such as 0.2 (0 takes the study's)"),
    "per": (0, math.inf, "an amount of money such as 1000 (0 takes the study's)"),
    "willingness_to_pay": (0, math.inf, "an amount of money, 0 or more"),
    "seed": (0, math.inf, "0 or more"),
}


@dataclass(frozen=True)
class Parameter:
    """One line of a `parameters` cell: `name: type = default  # help`."""

    name: str
    type: str
    default: Any
    help: str = ""


@dataclass(frozen=True)
class Settings:
    """What a notebook runs with: all values, those set from outside, its own ones, what each one means."""

    effective: dict[str, Any]
    overrides: dict[str, Any]
    defaults: dict[str, Any]
    help: dict[str, str]


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
    comments = _comments(cells[0])
    results = [_parameter(statement, comments, shown) for statement in statements]
    problems = [result for result in results if isinstance(result, Problem)]
    if problems:
        raise StudyError(problems)
    return {result.name: result for result in results if isinstance(result, Parameter)}


def _parameter(statement: ast.stmt, comments: dict[int, str], shown: str) -> Parameter | Problem:
    line = ast.unparse(statement).splitlines()[0]
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        return Problem(shown, f"parameter line {line!r}", "write `name: type = literal  # help`")
    kind = ast.unparse(statement.annotation)
    if kind not in TYPES:
        return Problem(shown, f"parameter line {line!r}", f"the type is one of {', '.join(TYPES)}")
    try:
        default = ast.literal_eval(statement.value)
    except (ValueError, TypeError):
        return Problem(shown, f"parameter line {line!r}", "the default is a literal, not computed")
    if (fitting := _fit(default, kind)) is None:
        return Problem(shown, f"parameter line {line!r}", f"the default is {EXPECTED[kind]}")
    return Parameter(statement.target.id, kind, fitting, comments.get(statement.end_lineno, ""))


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _fit(value: Any, kind: str) -> Any:
    """Return a typed value as `kind`, or None where it is of another type (a bool is no number)."""
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "bool"):
        return None
    return None if kind == "float" and not math.isfinite(value) else value


def from_text(text: str, kind: str) -> Any:
    """Return the text of a command line as a value of the declared type, or None where it is none.

    A text stays as it stands ("010", "NO"); numbers are plain (no `1_000`, no `nan`); lists and mappings are
    JSON.
    """
    if kind == "str":
        return text
    if kind == "bool":
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower())
    if kind in ("int", "float"):
        try:
            return None if "_" in text else _fit(TYPES[kind](text), kind)
        except ValueError:
            return None
    try:
        return _fit(json.loads(text), kind)
    except json.JSONDecodeError:
        return None


def wrong_value(name: str, value: Any) -> str:
    """Return what a parameter of this name should hold where it holds something else, else ""."""
    if isinstance(value, bool | None):
        return ""
    if name == "form" and value not in ("", *FORMS):
        return "one of " + ", ".join(FORMS)
    if not isinstance(value, int | float):
        return ""
    if name.startswith("n_") and value < 1:
        return "1 or more"
    least, below, words = RANGES.get(name, (-math.inf, math.inf, ""))
    return "" if least <= value < below else words


def settle(
    declared: Mapping[str, Mapping[str, Parameter]],
    study_name: str,
    from_study: Mapping[str, Mapping[str, Any]],
    from_command: Iterable[tuple[str, str]] = (),
    targets: Iterable[str] | None = None,
) -> dict[str, Settings]:
    """Return what each notebook runs with: its own defaults < study.yml < the command line.

    Parameters
    ----------
    declared : mapping
        Per notebook its declared parameters. All notebooks, also those that this study leaves out.
    from_study : mapping
        `notebooks:` of study.yml: per notebook the values that differ.
    from_command : pairs of name and text
        Each applies to every notebook of `targets` that declares the name; one at least must.
    targets : names of notebooks
        Those that are going to run; all where it is not given.

    Raises
    ------
    StudyError
        Listing every unknown notebook and parameter ("did you mean") and every value of a wrong type.
    """
    problems: list[Problem] = []
    overrides: dict[str, dict[str, Any]] = {name: {} for name in declared}
    shown = f"data/{study_name}/study.yml"
    for notebook, values in from_study.items():
        if notebook not in declared:
            fix = did_you_mean(notebook, declared)
            problems.append(Problem(shown, f"unknown notebook {notebook!r}", fix, "notebooks"))
            continue
        for name, value in values.items():
            place = f"notebooks.{notebook}"
            fault = _unknown(name, declared[notebook], shown, place)
            if fault is None:
                kind = declared[notebook][name].type
                overrides[notebook][name] = _fit(value, kind)
                wrong = wrong_value(name, overrides[notebook][name])
                if overrides[notebook][name] is None:
                    fault = Problem(shown, f"found {value!r}", f"wanted {EXPECTED[kind]}", f"{place}.{name}")
                elif wrong:
                    fault = Problem(shown, f"found {value!r}", f"wanted {wrong}", f"{place}.{name}")
            problems += [fault] if fault else []
    meant = {name: declared[name] for name in (declared if targets is None else targets)}
    for name, text in from_command:
        problems += _apply(name, text, meant, overrides)
    for notebook, parameters in declared.items():
        if "study" not in parameters:
            found = "no parameter 'study'"
            problems.append(Problem(f"notebooks/{notebook}.ipynb", found, "it tells which study to read"))
    if problems:
        raise StudyError(problems)
    return {notebook: _settings(declared[notebook], overrides[notebook], study_name) for notebook in declared}


def _settings(declared: Mapping[str, Parameter], overrides: dict[str, Any], study_name: str) -> Settings:
    values = {**overrides, "study": study_name}
    defaults = {name: parameter.default for name, parameter in declared.items()}
    texts = {name: parameter.help for name, parameter in declared.items()}
    return Settings(defaults | values, values, defaults, texts)


def _unknown(name: str, known: Iterable[str], shown: str, place: str = "") -> Problem | None:
    if name == "study":
        return Problem(shown, "'study' is not set here", "name it instead: vbhc run my-study", place)
    if name not in known:
        return Problem(shown, f"no parameter {name!r}", did_you_mean(name, known), place)
    return None


def _apply(
    name: str, text: str, targets: Mapping[str, Mapping[str, Parameter]], overrides: dict[str, dict[str, Any]]
) -> list[Problem]:
    """Set one `-p name text` in every notebook that declares the name; return what is wrong with it."""
    known = dict.fromkeys(p for parameters in targets.values() for p in parameters if p != "study")
    fault = _unknown(name, known, f"-p {name}")
    if fault:
        return [fault]
    for notebook, parameters in targets.items():
        if name in parameters:
            kind = parameters[name].type
            value = from_text(text, kind)
            if value is None:
                return [Problem(f"-p {name}", f"found {text!r}", f"{notebook} wants {EXPECTED[kind]}")]
            if wrong := wrong_value(name, value):
                return [Problem(f"-p {name}", f"found {text!r}", f"{notebook} wants {wrong}")]
            overrides[notebook][name] = value
    return []
