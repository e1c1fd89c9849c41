"""Look at the raw files as a run would: sift, clean and score them, write nothing, say what was seen."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from vbhc.cleaning import ids, joined
from vbhc.cleaning.labels import label_problems
from vbhc.cleaning.patients_table import sift_sources
from vbhc.cleaning.questions import Question
from vbhc.cleaning.row_problems import row_problems
from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.sources import RESPONDENTS, person_key
from vbhc.problems import Problem, StudyError
from vbhc.study import Study

LEVELS = 6  # that are listed


class Looked(NamedTuple):
    """What stands in the way, what is probably wrong, and what was seen (lines to print)."""

    problems: list[Problem]
    questions: Sequence[Question]
    seen: list[str]


def look(study: Study, skip: Collection[str] = (), whole: bool = True) -> Looked:
    """Read the sources of a study (none of `skip`), and clean it dry if its declarations are `whole`.

    What a check lets pass a run can clean: a fault of the library that these data bring out is a problem.
    """
    if not study.config.sources:
        return Looked([], [], [])
    sifted, base, problems = sift_sources(study, skip)
    for name, one in sifted.items():
        problems += row_problems(study, one, sifted)
        file = study.shown(study.config.sources[name].file)
        problems += label_problems(one.columns, one.about.labels, file)
    shown = seen(study, sifted, base if base in sifted else "")
    questions: Sequence[Question] = []
    if whole and not skip and base in sifted and len(sifted) == len(study.config.sources):
        try:
            questions = joined(study, sifted, base).questions
        except StudyError as error:
            problems += error.problems
        except Exception as error:
            if all(problem.set_aside for problem in problems):
                found = f"cleaning stops: {type(error).__name__}: {error}"
                fix = "a fault of vbhc that these data bring out: please report it"
                problems.append(Problem(study.shown("study.yml"), found, fix))
    return Looked(problems, questions, shown)


def seen(study: Study, sifted: Mapping[str, Sifted], base: str) -> list[str]:
    """Return the lines for all sources of a study; they hold cells of patients and are for the analyst."""
    lines = []
    for name, one in sifted.items():
        lines += [f"{name}: {_file(one)}", f"  {_lines(one)}", f"  {_rows(one)}"]
        if base and name != base and one.layout != RESPONDENTS:
            lines.append(f"  {_ids(study, one, sifted[base])}")
        lines += [f"  {line}" for line in _columns(one)]
    return lines


def _file(one: Sifted) -> str:
    about = one.about
    marks = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    parts = [about.file, f"sheet {about.sheet!r}" if about.sheet else "", about.encoding]
    if about.delimiter:
        parts.append(f"fields parted by {marks.get(about.delimiter, repr(about.delimiter))}")
    parts += [f"not read: {sheet.name!r}{' (hidden)' * sheet.hidden}" for sheet in about.others]
    return ", ".join(filter(None, parts))


def _lines(one: Sifted) -> str:
    about = one.about
    parts = {"header": about.header_lines, "rows": len(about.numbers), "blank": about.blank}
    parts |= {"above": about.skipped, "continued": sum(span.lines - 1 for span in about.spanning)}
    shown = " + ".join(f"{n:,} {what}" for what, n in parts.items() if n)
    return f"{about.n_lines:,} lines = {shown}"


def _rows(one: Sifted) -> str:
    cells = (one.quarantine["aside"] == "cell").sum()
    kept = f"{len(one.kept):,} kept + {one.read - len(one.kept):,} set aside"
    return f"{one.read:,} rows = {kept}; {cells:,} single cells set aside"


def _ids(study: Study, one: Sifted, base: Sifted) -> str:
    key = person_key(study, one.name)
    given, known = one.text[key].dropna().str.strip(), set(base.kept[key])
    found = set(one.kept[key])
    others = [value for value in given.unique() if value not in known and value not in found]
    hint = ids.guess(others, known)
    words = f"{len(found):,} of {len(known):,} patients have rows"
    return words + (f"; {len(others):,} ids of no patient{': ' * bool(hint)}{hint}" if others else "")


def _columns(one: Sifted) -> list[str]:
    width = max(map(len, one.kept.columns), default=0)
    return [f"{name:{width}}  {_column(one, name)}" for name in one.kept.columns]


def _column(one: Sifted, name: str) -> str:
    values, column = one.kept[name], one.columns[name]
    missing = f"{values.isna().mean():4.0%} missing" if len(values) else "no rows"
    if (present := values.dropna()).empty:
        return missing
    if column.type in ("integer", "float", "date"):
        low, high = present.min(), present.max()
        ends = [f"{end:%Y-%m-%d}" if isinstance(end, pd.Timestamp) else f"{end:g}" for end in (low, high)]
        return f"{missing}  {ends[0]} to {ends[1]}"
    counts = present.astype(str).value_counts()
    if column.type in ("string", "text") and len(counts) > LEVELS:
        return f"{missing}  {len(counts):,} different"
    more = f" and {len(counts) - LEVELS} more" if len(counts) > LEVELS else ""
    return f"{missing}  {', '.join(f'{word} {n:,}' for word, n in counts.head(LEVELS).items())}{more}"
