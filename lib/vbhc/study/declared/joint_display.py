"""The statements of a joint display as a study declares them, before the results are known."""

from collections.abc import Iterable

from vbhc.problems import Problem, did_you_mean, refuse
from vbhc.study import Study
from vbhc.study.declared import declared_rows
from vbhc.study.dictionary import is_number, split

FILE = "joint_display.csv"
INFERENCES = {"confirm": "if_confirm", "expand": "if_expand", "discord": "if_discord"}
FIELDS = ("statement", "measure", "estimate", "above", "finding", "for", "against", *INFERENCES.values())


def read_rows(study: Study, codes: Iterable[str]) -> list[dict[str, str]]:
    """Return the statements of `joint_display.csv`, checked; none without the file.

    `estimate` is `<notebook>:<table>:<row>` of the number that decides (the row by its labels, such as
    `VQ;Spearman`; the table has `estimate, low, high`), `measure` says in words what it is, and `above`
    is what its interval must lie above. `finding` is `<notebook>:<id>` of a computed sentence that is shown
    too. All four are empty where nothing was measured. `for` and `against` are codes or categories, parted by
    `;`.

    Raises
    ------
    StudyError
        With every column that is missing, code that is unknown and number that is none.
    """
    rows, shown = declared_rows(study, FILE, FIELDS, numbers=("above",)), study.shown(FILE)
    known, problems = list(codes), []
    for n, row in rows:
        for side in ("for", "against"):
            for code in (code for code in split(row[side]) if code not in known):
                problems.append(Problem(shown, f"unknown {code!r}", did_you_mean(code, known), side, n))
        if row["above"].strip() and not is_number(row["above"]):
            problems.append(Problem(shown, f"{row['above']!r}", "a number", "above", n))
        if row["estimate"].strip() and row["estimate"].count(":") != 2:
            fix = "<notebook>:<table or figure>:<row>"
            problems.append(Problem(shown, f"{row['estimate']!r}", fix, "estimate", n))
    refuse(problems)
    return [row for _, row in rows]
