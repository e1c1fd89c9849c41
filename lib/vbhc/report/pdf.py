"""Print a finished report through headless Chromium, one PDF a page."""

import os
import re
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from vbhc.problems import fault

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_LINK = re.compile(rb"\((file:///(?:\\.|[^()\\])*)\)")


def print_report(folder: Path, out: Path) -> list[Path]:
    """Print every page of the report in `folder` into `out`.

    The first of `BROWSERS` that is installed prints.

    Raises
    ------
    StudyError
        Without a browser, without a report, or if the browser fails.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise fault("pdf", "no Chromium here", "install chromium, or print a page from a browser")
    pages = sorted(folder.glob("*.html"))
    if not pages:
        raise fault("pdf", "no finished report", f"`vbhc run {folder.name}` makes one")
    out.mkdir(parents=True, exist_ok=True)
    return [_print(page, out / f"{page.stem}.pdf", browser) for page in pages]


def _print(page: Path, pdf: Path, browser: str) -> Path:
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"]
        flags += ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        places = [f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.resolve().as_uri()]
        command = [browser, *flags, *places]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode or not pdf.is_file():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise fault(page.name, "the browser could not print it", last)
    here = page.resolve().parent.as_uri().encode() + b"/"
    pdf.write_bytes(_LINK.sub(partial(_from_here, here), pdf.read_bytes()))
    return pdf


def _from_here(here: bytes, link: re.Match[bytes]) -> bytes:
    """Return a link without the folders of this machine, filled up to the same length: a PDF counts bytes."""
    place = link[1].removeprefix(here) if link[1].startswith(here) else link[1].rpartition(b"/")[2]
    place = b"(" + place.replace(b".html", b".pdf") + b")"
    return place.ljust(len(link[0]))
