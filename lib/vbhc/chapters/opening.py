"""How every notebook opens: the study, the door, its settings checked and said back."""

from typing import Any

from vbhc.chapters.checks import check_at_least, check_level
from vbhc.publish import findings
from vbhc.study import Study, load_study
from vbhc.wording import level_name

LEAST = {"n_resamples": 200, "n_imputations": 2, "n_permutations": 99, "n_shuffles": 20, "k_quoted": 2}


def open(notebook: str, study: str, **settings: Any) -> tuple[Study, findings.Door]:
    """Return a study and the door of one of its notebooks, its settings checked and said back.

    Parameters
    ----------
    notebook, study : str
        Their names: "02-value-quota", "heart-failure".
    settings
        Parameters of the notebook by name; levels and numbers of resamples have to make sense.

    Raises
    ------
    StudyError
        For a level that is no share, too few resamples, or a study that cannot be read.
    """
    for name, value in settings.items():
        if name in ("ci_level", "alpha"):
            check_level(value, name)
        elif name in LEAST:
            check_at_least(name, value, LEAST[name])
    this = load_study(study)
    said = ", ".join(f"{name} {value}" for name, value in settings.items())
    print(f"Study {this.name}: {this.config.title}" + (f" ({said})." if said else "."))
    return this, findings.door(this, notebook)


def ranges(ci_level: float) -> str:
    """Return what the brackets after a number hold, for the margin of a page."""
    return f"In brackets: {level_name(ci_level)} intervals, how far chance alone could move the number."
