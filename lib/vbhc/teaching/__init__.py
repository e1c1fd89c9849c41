"""What a lesson calls: `check` an answer, `read` a small table, move a `slider`. Needs Python alone.

The browser edition ships this file as it is, so nothing beyond the standard library is imported here.
"""

import base64
import csv
import json
import re
import zlib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?|-?\.\d+")


class Slider:
    """A picture that a reader moves; notebooks show its HTML."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"slider {self.name!r}: open the notebook in JupyterLab to move it"

    def _repr_html_(self) -> str:
        return (_HERE / "sliders" / f"{self.name}.html").read_text(encoding="utf-8")


def slider(name: str) -> Slider:
    """Return a slider by name, such as "payment"."""
    return Slider(name)


def read(path: str) -> list[dict[str, Any]]:
    """Return the rows of a small CSV file; what reads as a number is one, an empty cell is None."""
    with open(path, encoding="utf-8", newline="") as file:
        return [{name: _cell(text) for name, text in row.items()} for row in csv.DictReader(file)]


def check(exercise: str, answer: object = ...) -> None:
    """Say whether an answer is right, a mistake that others made too (with a hint), or not there yet.

    Parameters
    ----------
    exercise : str
        Its number, "1.2".
    answer : object
        Number, text, list or set; also a number as text ("GBP 1,907"), a Series or an array of one value.
    """
    try:
        print(verdict(exercise, answer))
    except Exception:  # whatever a student hands over, a lesson goes on
        print("Not yet. This answer cannot be read: give one number, one word or one list.")


def verdict(exercise: str, answer: object = ...) -> str:
    """Return what `check` prints. Right answers and known mistakes were computed from the lesson's data."""
    if (known := known_answers().get(str(exercise).strip())) is None:
        return f"There is no exercise {exercise!r} in the course; its number stands in the heading."
    given = plain(answer)
    if given in ("", "nan", []):
        return f"Nothing to check yet. Put {known['ask']} in place of the three dots."
    for one in known["answers"]:
        if _same(given, one["value"], one["within"]):
            return f"Right. {one['text']}" if one["right"] else f"Not yet. {one['text']}"
    return f"Not yet. What is asked for is {known['ask']}."


def known_answers() -> dict[str, Any]:
    """Return what `check` knows, by exercise: what is asked for, and answers with how near is near enough."""
    packed = (_HERE / "answers.txt").read_text(encoding="ascii")
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def _cell(text: str) -> Any:
    if text == "":
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def plain(answer: Any) -> Any:
    """Return an answer as a number, a text in small letters, or a list of these."""
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, (set, frozenset)):
        answer = sorted(answer, key=str)
    if isinstance(answer, (list, tuple)):
        many = [plain(one) for one in answer]
        return many[0] if len(many) == 1 else many
    if isinstance(answer, (bool, type(...), type(None))):
        return "yes" if answer is True else "no" if answer is False else ""
    text = str(answer).strip().lower().rstrip(".")
    numbers = _NUMBER.findall(text)
    return float(numbers[0].replace(",", "")) if len(numbers) == 1 else text


def _same(given: Any, wanted: Any, within: float | None) -> bool:
    if isinstance(wanted, list):
        if isinstance(given, str):
            given = [plain(part) for part in re.split(r"[,;>]", given)]
        if within is not None and isinstance(given, list):  # in any order
            given, wanted = sorted(given, key=str), sorted(wanted, key=str)
        return given == wanted
    if isinstance(wanted, float):
        return isinstance(given, float) and abs(given - wanted) <= within
    return given == wanted
