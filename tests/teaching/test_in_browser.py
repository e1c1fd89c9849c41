"""In a real browser: sliders move under the page's own policy, and Python runs there and checks answers.

`make course-lite` needs a package registry, so the test looks at the site that it left, if any.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import devtools
import pytest
from places import REPO

from vbhc.teaching.pages import write_pages

SITE = REPO / "course" / "lite"
RIGHT = {
    "01-volume-or-value": ("1.1", "616 / 0.323", "616 * 0.323"),
    "02-whose-value": ("2.1", "1_000_000 / 7_038", "7_038 / 1_000_000"),
    "05-when-a-quotient-lies": ("5.3", "'X'", "'Z'"),
}
RUN = """(async () => {
  const book = jupyterapp.shell.currentWidget, cells = book.content.widgets;
  for (const cell of cells.filter((one) => one.model.type === "code")) {
    const source = cell.model.sharedModel.getSource();
    if (!source.startsWith("from vbhc") && !source.includes('check("%s"')) continue;
    cell.model.sharedModel.setSource(source.replace(/answer = .*/, "answer = %s"));
    book.content.activeCellIndex = cells.indexOf(cell);
    await jupyterapp.commands.execute("notebook:run-cell");
  }
})()"""
KERNEL = "String(globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status)"
SAID = "[...document.querySelectorAll('.jp-OutputArea-output')].map((one) => one.textContent).join('\\n')"

MOVE = """(() => {
  const slider = document.querySelector(".slider"), said = slider.querySelector(".said");
  const before = said.textContent, bar = slider.querySelector("input");
  bar.value = bar.value === bar.max ? bar.min : bar.max;
  bar.dispatchEvent(new Event("input"));
  return [before, said.textContent, document.documentElement.scrollWidth];
})()"""

pytestmark = pytest.mark.skipif(devtools.PROGRAM is None, reason="no Chromium on this machine")
built = pytest.mark.skipif(not (SITE / "index.html").is_file(), reason="no course/lite: make course-lite")


@pytest.fixture(scope="module")
def address():
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *parts: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def browser(tmp_path):
    with devtools.Browser(tmp_path / "tab") as running:
        running.look(width=1200, height=4000)
        yield running


def until(browser: devtools.Browser, asked: str, wanted: str) -> str:
    """Ask the page again and again, as long as it answers at all, until it says what is wanted."""
    for _ in range(1_200):
        answer = str(browser.evaluate(asked))
        if wanted in answer:
            return answer
        time.sleep(0.25)
    raise AssertionError(f"{wanted!r} did not come; the page shows {answer[:2000]!r}")


def test_sliders_move_on_a_phone_and_load_nothing(browser, tmp_path):
    list(write_pages(REPO, tmp_path))
    for page in sorted((tmp_path / "pages").glob("*.html")):
        browser.look(width=390)
        browser.visit(page)
        assert browser.evaluate("document.documentElement.scrollWidth") <= 390, page.name
        if 'class="slider' in page.read_text(encoding="utf-8"):
            before, after, width = browser.evaluate(MOVE)
            assert before != after
            assert "moves where scripts may run" not in before + after
            assert width <= 390
        assert browser.said() == []
        assert browser.asked_for() == [page.resolve().as_uri()]


@built
@pytest.mark.parametrize("name", RIGHT)
def test_an_answer_gets_its_hint_and_then_is_right(browser, address, name):
    number, right, wrong = RIGHT[name]
    browser.visit(f"{address}/lab/index.html?path={name}.ipynb")
    until(browser, KERNEL, "idle")
    browser.evaluate(RUN % (number, wrong))
    until(browser, SAID, "Not yet. ")
    browser.evaluate(RUN % (number, right))
    said = until(browser, SAID, "Right. ")
    assert "Error" not in said
    assert not [url for url in browser.asked_for() if not url.startswith((address, "blob:"))]
