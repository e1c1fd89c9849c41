"""`python -m vbhc.synthetic`: make the raw files of the shipped synthetic studies again, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

from vbhc.study import project_root
from vbhc.synthetic import heart_failure, hospitals, interviews, professionals, programmes, survey


def write_all(root: Path) -> Iterator[str]:
    """Write the raw files of the shipped synthetic studies under `root`; yields the files."""
    data = root / "data"
    written = [*heart_failure.write(data / "heart-failure"), *interviews.write(data / "heart-failure")]
    written += survey.write(data / "heart-failure") + programmes.write(data / "heart-failure")
    written += professionals.write(data / "professionals")
    written += hospitals.write(data / "hip-hospitals")
    yield from (path.relative_to(root).as_posix() for path in written)


if __name__ == "__main__":
    for line in write_all(project_root()):
        print(line)
