"""What there is to choose from: studies, notebooks, parameters, instruments, value sets, policies."""

from collections.abc import Callable, Iterable
from pathlib import Path

from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.notebook_files import find_notebooks, title
from vbhc.study import study_names

Rows = Iterable[tuple[str, str]]  # a name, and what it stands for


def studies(root: Path) -> Rows:
    """Return the studies of the project with their titles, as far as they can be read."""
    from vbhc.study.config_reader import read_config

    for name in study_names(root):
        config = read_config(root / "data" / name / "study.yml", name).config
        yield name, config.title if config else "study.yml cannot be read; `vbhc check` says why"


def notebooks(root: Path) -> Rows:
    """Return the notebooks with the questions that they answer."""
    return [(name, title(path)) for name, path in find_notebooks(root / "notebooks").items()]


def parameters(root: Path) -> Rows:
    """Return the parameters of all notebooks, each once, with type, default, help and who has it."""
    held: dict[tuple[str, str], list[str]] = {}
    for notebook, path in find_notebooks(root / "notebooks").items():
        for one in declared_parameters(path).values():
            text = f"{one.type} = {one.default!r}: {one.help}"
            held.setdefault((one.name, text), []).append(notebook.partition("-")[0])
    return [(name, f"{text} ({', '.join(where)})") for (name, text), where in sorted(held.items())]


def instruments(root: Path) -> Rows:
    """Return the questionnaires with the stems of their scores."""
    from vbhc.instruments import registry, scales

    labels = registry().groupby("instrument", sort=False)["label"].first()
    columns = {name: ", ".join(one.column for one in scales(name)) for name in labels.index}
    return [(name, f"{label}: {columns[name]}") for name, label in labels.items()]


def value_sets(root: Path) -> Rows:
    """Return the value sets of EQ-5D with country, method and year."""
    from vbhc.instruments import eq5d

    table = eq5d.value_sets()[["id", "country", "method", "year"]]
    return [(one, f"{country}, {method}, {year}") for one, country, method, year in table.to_numpy()]


def policies(root: Path) -> Rows:
    """Return the disclosure policies with their rules."""
    from vbhc.publish.disclosure.policies import POLICIES

    return [(name, one.rule) for name, one in POLICIES.items()]


LISTS: dict[str, Callable[[Path], Rows]] = {
    "studies": studies, "notebooks": notebooks, "parameters": parameters, "instruments": instruments,
    "value-sets": value_sets, "policies": policies,
}  # fmt: skip
