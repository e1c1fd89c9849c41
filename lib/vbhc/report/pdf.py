"""Print a finished report through headless Chromium, one PDF a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from vbhc.problems import fault

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


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
    return pdf
