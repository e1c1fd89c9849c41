"""A built report in a real browser: it shows, loads nothing, follows light and dark, and prints."""

from __future__ import annotations

import socket
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import devtools
import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
FLAGS = [*devtools.QUIET, "--enable-logging=stderr", "--v=0"]

pytestmark = pytest.mark.skipif(devtools.PROGRAM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    arms = pd.DataFrame(
        {"arm": ["usual", "new"], "n": [84, 40], "gain": [9.3, 12.0], "cost": [4310.0, 3922.0]}
    )

    def bars(data, ax):
        ax.bar(data["arm"], data["gain"], color="#0072B2")
        ax.set_ylabel("Gain (points)")

    with pytest.MonkeyPatch.context() as patch:
        recorder, study = Recorder(patch), make_study(folder, synthetic=True)
        door = door_of(study)
        door.sentence("answer", "A thousand euro bought 2.7 KCCQ points.", role="answer")
        door.sentence("for-the-clinician", "Look at the gain itself.")
        door.sentence("for-the-manager", "Plan with the range.")
        twice = {"title": "New care gains more", "key": True}
        door.figure("gain", arms, bars, "Gain by arm.", "Two bars, the new care higher.", **twice)
        door.table("by-arm", arms.assign(**{f"cost_of_part_{k}": 1234.5 for k in range(12)}), "Gain by arm")
        few = arms.assign(
            said=["a text of a few words", "another text, which is longer than the first by far"]
        )
        door.table("few", few, "Gain and what was said", notes=["A note under the table."])
        cells = [
            text("# What did it buy?\n\nAn introduction."),
            text("## The quota\n$$VQ = \\frac{a}{b}$$\n\n> **A note** for the margin of this section."),
            code("x = 1", recorder.take()),
        ]
        executed = {"02-value-quota": save(study, "02-value-quota", cells)}
        cells = [text("# What made up the bill?"), text("## One\n\nWords.")]
        executed["02a-costs"] = save(study, "02a-costs", cells)
    report.build(study, executed, folder / "out", {"study": "small", "vbhc": "0.1.0"})
    return folder / "out"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with devtools.Browser(tmp_path_factory.mktemp("tab")) as running:
        yield running


@pytest.fixture
def visit(browser, built):
    """Open a page of the report in a window of some width; return what asks it something."""

    def opened(width, name="02-value-quota", **look):
        browser.look(width=width, **look)
        browser.visit(built / f"{name}.html")
        browser.evaluate(PROBES)
        browser.evaluate("probe.settled()")
        return browser.evaluate

    return opened


@pytest.fixture(scope="module")
def server(built):
    """Serves the report and notes every path that the browser asks for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(built))

        def log_message(self, format, *args):
            asked.append(self.path)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}", asked
    running.shutdown()


def chromium(tmp_path, *arguments: str) -> tuple[str, str]:
    """Run the browser once; return what it wrote and its console."""
    done = subprocess.run(
        [devtools.PROGRAM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if ":CONSOLE" in line)


@pytest.mark.parametrize("name", ["index", "02-value-quota"])
def test_a_page_asks_for_nothing_but_itself_and_logs_nothing(server, tmp_path, name):
    home, asked = server
    asked.clear()
    _, console = chromium(tmp_path, "--dump-dom", f"{home}/{name}.html")
    assert [path for path in asked if path != "/favicon.ico"] == [f"/{name}.html"]
    assert console == ""


def test_the_script_runs_under_the_policy(visit):
    """It takes boxes that hide nothing out of the order of the Tab key."""
    stops = "document.querySelectorAll('.table .box[tabindex]').length"
    assert visit(1280)(stops) == 1  # the table of many columns is wider than its column


@pytest.mark.parametrize("width", [320, 360, 390, 600, 700, 760, 768, 1000, 1100, 1400])
@pytest.mark.parametrize("name", ["index", "02-value-quota", "02a-costs"])
def test_no_width_needs_sideways_scrolling(visit, name, width):
    ask = visit(width, name)
    ask("probe.openAll(true)")
    assert ask("probe.tooWide()") == []


@pytest.mark.parametrize(
    ("width", "shown"), [(390, "narrow"), (759, "narrow"), (760, "wide"), (1100, "wide")]
)
def test_one_of_two_drawings_shows_and_the_other_is_no_part_of_the_page(visit, width, shown):
    drawings = "[...document.querySelectorAll('#figure-gain svg')]"
    drawn = f"{drawings}.filter((e) => e.checkVisibility()).map((e) => e.classList[1])"
    ask = visit(width)
    assert ask(drawn) == [shown]


@pytest.mark.parametrize(("width", "least"), [(320, 10.5), (390, 13.0), (1100, 13.0)])
def test_texts_of_a_figure_can_be_read(visit, width, least):
    """A figure's texts have 10 points; of 8, the smallest in use, a phone of 390 px makes 11 px."""
    texts = "[...document.querySelectorAll('#figure-gain text')].filter((e) => e.checkVisibility())"
    size = "parseFloat(getComputedStyle(e).fontSize) * Math.hypot(e.getScreenCTM().a, e.getScreenCTM().b)"
    assert min(visit(width)(f"{texts}.map((e) => {size})")) >= least


@pytest.mark.parametrize(("width", "beside"), [(390, False), (999, False), (1000, True), (1400, True)])
def test_notes_stand_in_the_margin_where_there_is_room_and_below_their_section_elsewhere(
    visit, width, beside
):
    ask = visit(width)
    place = "document.querySelector('.cols:has(.side) > .{}').getBoundingClientRect().toJSON()"
    main, note = (ask(place.format(one)) for one in ("main", "side"))
    assert (note["left"] >= main["right"]) is beside
    assert (note["top"] >= main["bottom"]) is not beside


def test_a_row_is_a_heading_and_labelled_values_on_a_phone(visit):
    ask = visit(390)
    row = "document.querySelector('#table-few tbody tr')"
    assert ask(f"getComputedStyle({row}).display") == "grid"
    labels = f"[...{row}.querySelectorAll('td')].map((e) => getComputedStyle(e, '::before').content)"
    assert ask(labels) == ['"n"', '"gain"', '"cost"', '"said"']
    heights = f"[...{row}.children].map((e) => Math.round(e.getBoundingClientRect().top))"
    tops = ask(heights)
    assert tops[0] < tops[1] == tops[2] == tops[3] < tops[4]  # the long text has a line of its own
    assert ask("probe.stuckBoxes()") == []


def test_a_table_stays_one_to_a_screen_reader_on_a_phone(browser, visit):
    visit(390)
    browser.send("Accessibility.enable")
    found = browser.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in found if not node.get("ignored")]
    browser.send("Accessibility.disable")
    assert roles.count("table") == 2
    assert roles.count("columnheader") == 16 + 5
    assert roles.count("rowheader") == 4
    assert roles.count("cell") == 2 * (15 + 4)


def test_what_is_folded_opens_without_a_script(browser, built):
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.visit(built / "02-value-quota.html")
        browser.evaluate("document.querySelector('summary').focus()")
        browser.press("Enter")
        assert browser.evaluate("document.querySelector('details.code').open") is True
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize(("width", "most"), [(1100, 700), (390, 800)])
def test_what_to_do_begins_on_the_first_screen(visit, width, most):
    for name in ("index", "02-value-quota"):
        top = visit(width, name)("document.querySelector('.do dd').getBoundingClientRect().top")
        assert top < most, name


def test_a_script_that_slipped_in_does_not_run(built, tmp_path):
    html = (built / "02-value-quota.html").read_text()
    bad = tmp_path / "bad.html"
    bad.write_text(html.replace("</h1>", "</h1><script>document.title = 'owned'</script>", 1))
    dom, console = chromium(tmp_path, "--dump-dom", bad.as_uri())
    assert "<title>owned" not in dom
    assert "Content Security Policy" in console


@pytest.mark.parametrize(("scheme", "paper"), [("1", (255, 255, 255)), ("0", (20, 24, 29))])
def test_light_and_dark_follow_the_reader(built, tmp_path, scheme, paper):
    from matplotlib.image import imread

    shot = tmp_path / "shot.png"
    chromium(
        tmp_path,
        f"--blink-settings=preferredColorScheme={scheme}",
        "--window-size=1200,900",
        f"--screenshot={shot}",
        (built / "02-value-quota.html").as_uri(),
    )
    corner = imread(shot)[600, 5, :3] * 255
    assert tuple(round(float(part)) for part in corner) == paper
