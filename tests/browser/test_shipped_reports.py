"""Every page of every shipped study in a real browser, as a reader on paper, phone or keyboard meets it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import devtools
import pytest

from vbhc.publish.findings.marks import marked_outputs
from vbhc.report.pdf import print_report

pytestmark = pytest.mark.skipif(devtools.PROGRAM is None, reason="no Chromium on this machine")

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
STUDIES = {"heart-failure": "shipped", "professionals": "professionals_run", "nhs-hip": "lookalike"}
MODES = {
    "light": {},
    "dark": {"scheme": "dark"},
    "print": {"media": "print"},
    "phone": {"width": 360},
    "dark phone": {"width": 390, "scheme": "dark"},
}
LARGEST = 250_000
# A drawing is one picture to axe: it is named as such, and probes.js looks at what lies inside.
STRUCTURE = """axe.run({include: [['html']], exclude: [['svg.drawing > g']]},
    {resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}}).then((r) => r.violations)"""
COLOURS = (
    """axe.run({include: [['[data-sample]']]}, {runOnly: ['color-contrast']}).then((r) => r.violations)"""
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with devtools.Browser(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture(scope="module", params=STUDIES)
def run(request):
    return request.getfixturevalue(STUDIES[request.param])


@pytest.fixture(scope="module")
def pages(run) -> list[Path]:
    found = sorted(run[1].report.glob("*.html"))
    assert len(found) == len(run[0].running) + 1
    return found


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as `axe-core-python` carries it; `VBHC_AXE` names the file of another version."""
    own = os.environ.get("VBHC_AXE")
    path = Path(own) if own else resources.files("axe_core_python") / "axe.min.js"
    return path.read_text(encoding="utf-8")


def visit(browser: devtools.Browser, page: Path, **look) -> None:
    browser.look(**look)
    browser.visit(page)
    browser.evaluate(PROBES)


def test_pages_ask_for_nothing_and_log_nothing(browser, pages):
    for page in pages:
        visit(browser, page)
        browser.evaluate("probe.openAll(true)")
        for look in MODES.values():
            browser.look(**look)
            browser.evaluate("probe.settled()")
        assert browser.asked_for() == [page.as_uri()]
        assert browser.said() == [], page.name


def test_axe_finds_no_fault_in_light_dark_and_print(browser, pages, axe):
    faults = []
    for page in pages:
        visit(browser, page)
        browser.evaluate(axe)
        browser.evaluate("probe.sample(); probe.openAll(true)")
        for mode in ("light", "dark", "print"):
            browser.look(**MODES[mode])
            browser.evaluate("probe.settled()")
            found = browser.evaluate(COLOURS) + (browser.evaluate(STRUCTURE) if mode == "light" else [])
            faults += [f"{page.name} {mode}: {one['id']} {one['nodes'][0]['html'][:150]}" for one in found]
    assert faults == []


@pytest.mark.parametrize("widths", [(320, 390), (600, 768, 1000, 1400)], ids=["phone", "screen"])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser, pages, widths):
    faults = {}
    for page in pages:
        visit(browser, page, width=widths[0])
        browser.evaluate("probe.openAll(true)")
        for width in widths:
            browser.look(width=width)
            browser.evaluate("probe.settled()")
            faults[page.name, width] = browser.evaluate("probe.tooWide()")
    assert not any(faults.values()), faults


@pytest.mark.parametrize("width", [390, 1280])
def test_no_label_leaves_its_drawing_and_fingers_find_their_target(browser, pages, width):
    faults = {}
    for page in pages:
        visit(browser, page, width=width)
        browser.evaluate("probe.openAll(true)")
        faults[page.name] = browser.evaluate("[...probe.cutLabels(), ...probe.smallTargets()]")
    assert not any(faults.values()), faults


def test_texts_of_figures_for_a_phone_have_eleven_pixels_there(browser, pages):
    faults = {}
    for page in pages:
        visit(browser, page, width=390)
        faults[page.name] = browser.evaluate("probe.smallTexts('svg.narrow, .finding > svg', 11)")
    assert not any(faults.values()), faults


def test_the_tab_key_reaches_every_control_in_order_and_shows_where_it_stands(browser, pages):
    for page in pages:
        visit(browser, page)
        browser.evaluate("document.documentElement.style.scrollBehavior = 'auto'; probe.openAll(true)")
        met, faults = [], []
        for _ in range(browser.evaluate("probe.controls().length")):
            browser.press("Tab")
            here = browser.evaluate("probe.focus()")
            met.append(here["number"])
            faults += here["faults"]
        assert met == list(range(len(met))), page.name
        assert faults == [], page.name


def test_shift_tab_leads_back(browser, pages):
    for page in pages:
        visit(browser, page)
        for _ in range(3):
            browser.press("Tab")
        browser.press("Tab", shift=True)
        assert browser.evaluate("probe.focus().number") == 1


def test_enter_and_space_open_and_close_what_is_folded(browser, pages):
    for page in pages:
        visit(browser, page)
        for number in range(browser.evaluate("document.querySelectorAll('summary').length")):
            one = f"document.querySelectorAll('summary')[{number}]"
            browser.evaluate(f"probe.openAll(true); {one}.focus()")
            browser.press("Enter")
            assert browser.evaluate(f"{one}.parentElement.open") is False, page.name
            browser.press(" ")
            assert browser.evaluate(f"{one}.parentElement.open") is True, page.name


def test_enter_follows_links_within_the_page(browser, pages):
    for page in pages:
        visit(browser, page)
        browser.press("Tab")
        browser.press("Enter")
        assert browser.evaluate("location.hash + document.activeElement.id") == "#mainmain"
        target = "document.querySelector('main a[href^=\"#\"]')"
        if browser.evaluate(f"Boolean({target})"):
            browser.evaluate(f"{target}.focus()")
            browser.press("Enter")
            assert browser.evaluate(f"location.hash === {target}.hash")


def test_a_keyboard_can_scroll_every_box_that_is_wider_than_the_screen(browser, pages):
    for page in pages:
        visit(browser, page, width=640)
        browser.evaluate("probe.openAll(true)")
        assert browser.evaluate("probe.stuckBoxes()") == [], page.name
        wide = "[...document.querySelectorAll('.box')].find((e) => e.scrollWidth > e.clientWidth + 20)"
        if browser.evaluate(f"Boolean({wide})"):
            browser.evaluate(f"{wide}.focus()")
            for _ in range(3):
                browser.press("ArrowRight")
            moved = f"new Promise((done) => setTimeout(() => done({wide}.scrollLeft), 300))"
            assert browser.evaluate(moved) > 0, page.name


def test_the_page_shows_as_many_outputs_as_passed_the_door(browser, run, pages):
    plan, _ = run
    for page in pages[:-1]:
        notebook = json.loads(plan.executed(page.stem).read_text(encoding="utf-8"))
        passed = len(list(marked_outputs(notebook)))
        visit(browser, page)
        assert browser.evaluate("document.querySelectorAll('[data-finding]').length") == passed > 0


def test_a_page_can_be_read_on_its_own_as_a_mail_attachment(browser, pages, tmp_path):
    for page in pages:
        visit(browser, Path(shutil.copy(page, tmp_path)))
        assert browser.asked_for() == [(tmp_path / page.name).as_uri()]
        assert browser.said() == []
        assert browser.evaluate("document.querySelector('h1').checkVisibility()")


def test_pages_of_the_default_study_stay_under_250_kb(shipped):
    sizes = {path.name: path.stat().st_size for path in shipped[1].report.glob("*.html")}
    assert max(sizes.values()) < LARGEST, sizes


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the printed pages")
def test_a_whole_report_prints_with_page_numbers_on_every_sheet(shipped, tmp_path):
    printed = print_report(shipped[1].report, tmp_path / "pdf")
    assert len(printed) == len(shipped[0].running) + 1
    for pdf in printed:
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
        sheets = text.split("\f")[:-1]
        for number, sheet in enumerate(sheets, 1):
            assert re.search(rf"\b{number} ?/ ?{len(sheets)}\b", sheet), (pdf.name, number)
