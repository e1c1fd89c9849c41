"""`python -m vbhc.teaching course` or `lite` writes the course; `keep`, for maintainers, runs its lessons."""

import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from vbhc.run.committed import run_alone
from vbhc.study import project_root
from vbhc.teaching import answers, editions, pages, planted


def course(root: Path) -> Iterator[str]:
    """Write `course/`: student and teacher editions and pages; yields a line a file."""
    yield from editions.write_editions(root, root / "course")
    yield from pages.write_pages(root, root / "course")


def lite(root: Path) -> Iterator[str]:
    """Write `course/lite/`, which runs in a browser."""
    yield from pages.write_site(root, root / "course" / "lite")


def keep(root: Path) -> Iterator[str]:
    """Make the tables and what `check` knows again, run the lessons, and keep their outputs."""
    make_tables(root / "notebooks" / "teaching" / "data")
    known = Path(str(resources.files("vbhc.teaching"))) / "answers.txt"
    made = answers.packed(answers.computed(root / "notebooks" / "teaching" / "data"))
    known.write_text(made, encoding="ascii", newline="\n")
    yield from map(run_alone, editions.lessons_of(root).values())


def make_tables(folder: Path) -> None:
    """Write the made-up tables of the lessons into `folder`."""
    for name, table in planted.TABLES.items():
        table().to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.6g")


if __name__ == "__main__":
    for line in {"course": course, "lite": lite, "keep": keep}[sys.argv[1]](project_root()):
        print(line)
