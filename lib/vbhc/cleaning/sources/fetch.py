"""Bring a study's raw files into place, from a folder, zip or file or the publisher; sums are checked."""

import hashlib
import os
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from vbhc.problems import Problem, StudyError, fault, refuse
from vbhc.study import Study
from vbhc.study.config import Source

TIMEOUT_SECONDS = 60
BLOCK = 1 << 20


class Candidate(NamedTuple):
    """A file that may be the one wanted: on disk, or a member of a zip on disk."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """File name as a person would know it."""
        return Path(self.member or self.path).name

    def open(self) -> IO[bytes]:
        """Open it to be read."""
        return zipfile.ZipFile(self.path).open(self.member) if self.member else self.path.open("rb")

    @property
    def sum(self) -> str:
        """The sha256 of what it holds."""
        with self.open() as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]


def fetch(study: Study, origin: Path | None = None) -> list[str]:
    """Put the raw file of every source of a study into `data/<study>/raw/`.

    Parameters
    ----------
    study : Study
    origin : Path, optional
        Folder (searched with its subfolders and zips), zip or single file to take it from. Without it, files
        with a publisher's address are downloaded.

    Returns
    -------
    list of str
        One line per file: what was done. Files already there with the right sum are left alone.

    Raises
    ------
    StudyError
        With every problem: nothing found (and how to get it by hand), a sum that differs from the one in
        `study.yml`, another file in its place. A file comes into place whole or not at all.
    """
    sources = study.config.sources
    wanted = [n for n, one in sources.items() if origin or one.publisher.url or one.publisher.page]
    if not wanted:
        missing = [one.file for name, one in sources.items() if not study.source_file(name).is_file()]
        fix = f"make data STUDY={study.name} FROM=<folder, zip or file>"
        refuse(Problem(study.shown(file), "no such file", fix) for file in missing)
        return [f"{study.name}: every raw file is in place"]
    lines, problems = [], []
    for name in wanted:
        try:
            lines.append(fetch_source(study, name, origin))
        except StudyError as error:
            problems += error.problems
    refuse(problems)
    return lines


def fetch_source(study: Study, name: str, origin: Path | None = None) -> str:
    """Put one source's raw file into place and say what was done (see `fetch`)."""
    source = study.config.sources[name]
    target, shown = study.source_file(name), study.shown(source.file)
    wanted_sum = source.publisher.sha256
    if target.is_file() and (origin is None or wanted_sum) and wanted_sum in ("", Candidate(target).sum):
        return f"{shown}: already there{', sum checked' if wanted_sum else ''}"
    if origin is not None:
        return _take(_find(origin, source, shown), target, wanted_sum, shown)
    with tempfile.TemporaryDirectory() as folder:
        return _take(_find(_download(source, Path(folder), shown), source, shown), target, wanted_sum, shown)


def by_hand(source: Source) -> str:
    """Say how a person gets the file without this program."""
    publisher = source.publisher
    what = publisher.member or Path(source.file).name
    if not publisher.page:
        return f"ask its owner for {what}; then FROM=<folder, zip or file>"
    return f"get {what!r} from {publisher.page}, then FROM=<folder, zip or file>"


def _find(origin: Path, source: Source, shown: str) -> Candidate:
    """Return the one file wanted: by the publisher's sum where several have its name, else by name alone."""
    origin = origin.expanduser()
    if not origin.exists():
        raise fault(shown, f"nothing at {origin}", "a folder, zip or file under FROM=")
    if origin.is_file() and origin.suffix.lower() != ".zip":
        return Candidate(origin)
    names = {n.lower() for n in (Path(source.file).name, source.publisher.member) if n}
    found = [one for one in _files_in(origin) if one.name.lower() in names]
    if not found and origin.is_file():
        found = [one for one in _files_in(origin) if Path(one.name).suffix == Path(source.file).suffix]
    if len(found) > 1:
        found = [one for one in found if one.sum == source.publisher.sha256][:1] or found
    if len(found) == 1:
        return found[0]
    what = " or ".join(sorted(names))
    text = f"{len(found)} files named {what} in {origin}" if found else f"no {what} in {origin} or its zips"
    raise fault(shown, text, "one of them" if found else by_hand(source))


def _files_in(origin: Path) -> Iterator[Candidate]:
    paths = [origin] if origin.is_file() else sorted(path for path in origin.rglob("*") if path.is_file())
    for path in paths:
        if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [info.filename for info in archive.infolist() if not info.is_dir()]
            yield from (Candidate(path, member) for member in members)
        else:
            yield Candidate(path)


def _take(candidate: Candidate, target: Path, wanted_sum: str, shown: str) -> str:
    """Copy to a file beside the target, check the sum, move it into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out, candidate.open() as source:
            shutil.copyfileobj(source, out, BLOCK)
        found_sum = Candidate(Path(part)).sum
        if wanted_sum and found_sum != wanted_sum:
            fix = f"{wanted_sum} as in study.yml; is it another release of the data?"
            raise fault(shown, f"{candidate.name} has the sha256 {found_sum}", fix)
        if target.is_file() and not wanted_sum and Candidate(target).sum != found_sum:
            raise fault(shown, "another file is there", "move it away first; raw/ is never edited")
        os.chmod(part, 0o644)
        os.replace(part, target)
    finally:
        Path(part).unlink(missing_ok=True)
    return f"{shown}: taken from {candidate.name}{', sum checked' if wanted_sum else ''}"


def _download(source: Source, folder: Path, shown: str) -> Path:
    """Download the publisher's file (a zip or the file itself) and return where it lies."""
    if not (url := source.publisher.url):
        raise fault(shown, "no address to download it from", by_hand(source))
    path = folder / ("pack.zip" if url.lower().endswith(".zip") else Path(source.file).name)
    request = urllib.request.Request(url, headers={"User-Agent": "vbhc (research software)"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer, path.open("wb") as out:
            shutil.copyfileobj(answer, out, BLOCK)
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise fault(shown, f"{url} could not be reached ({reason})", by_hand(source)) from error
    if path.suffix == ".zip" and not zipfile.is_zipfile(path):
        raise fault(shown, f"{url} is no zip any more", by_hand(source))
    return path
