"""The parameters of a notebook: what its `parameters` cell declares, and values checked against that.

papermill guesses a type from the value (a site code "010" becomes 8, "NO" becomes False) and runs on when a
name is misspelt. Here the declared type decides, and an unknown name is an error.
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from vbhc.problems import Problem, did_you_mean, refuse
from vbhc.publish.declared_parameters import EXPECTED, TYPES, Parameter, _fit
from vbhc.study.forms import FORMS

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


class Settings(NamedTuple):
    """What a notebook runs with: all values, those set from outside, its own ones, what each one means."""

    effective: dict[str, Any]
    overrides: dict[str, Any]
    defaults: dict[str, Any]
    help: dict[str, str]


def from_text(text: str, kind: str) -> Any:
    """Return the text of a command line as a value of the declared type, or None where it is none.

    A text stays as it stands ("010", "NO"); numbers are plain (no `1_000`, no `nan`); lists and mappings are
    JSON.
    """
    if kind == "str":
        return text
    if kind == "bool":
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower())
    try:
        if kind in ("int", "float"):
            return None if "_" in text else _fit(TYPES[kind](text), kind)
        return _fit(json.loads(text), kind)
    except ValueError:
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


def _wanted(parameter: Parameter, value: Any) -> str:
    """Return what a parameter should hold if a value does not do (None: one of another type), else ""."""
    return EXPECTED[parameter.type] if value is None else wrong_value(parameter.name, value)


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
        place = f"notebooks.{notebook}"
        for name, value in values.items():
            if unknown := _unknown(name, declared[notebook], shown, place):
                problems.append(unknown)
                continue
            overrides[notebook][name] = fitted = _fit(value, declared[notebook][name].type)
            if wanted := _wanted(declared[notebook][name], fitted):
                problems.append(Problem(shown, f"found {value!r}", f"wanted {wanted}", f"{place}.{name}"))
    meant = {name: declared[name] for name in (declared if targets is None else targets)}
    for name, text in from_command:
        problems += _apply(name, text, meant, overrides)
    for notebook, parameters in declared.items():
        if "study" not in parameters:
            found = "no parameter 'study'"
            problems.append(Problem(f"notebooks/{notebook}.ipynb", found, "it tells which study to read"))
    refuse(problems)
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
    if unknown := _unknown(name, known, f"-p {name}"):
        return [unknown]
    for notebook in (one for one, parameters in targets.items() if name in parameters):
        overrides[notebook][name] = value = from_text(text, targets[notebook][name].type)
        if wanted := _wanted(targets[notebook][name], value):
            return [Problem(f"-p {name}", f"found {text!r}", f"{notebook} wants {wanted}")]
    return []
