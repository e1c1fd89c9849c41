"""Two hundred pieces of markup in every text of a report: a browser shows them as typed and obeys none."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import devtools
import pandas as pd
import pytest
from payloads import PAYLOADS
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.report.markdown import ReportError, formula

pytestmark = pytest.mark.skipif(devtools.PROGRAM is None, reason="no Chromium on this machine")

ROWS = 25  # ticks that one drawing has room for
GROUPS = [PAYLOADS[start : start + ROWS] for start in range(0, len(PAYLOADS), ROWS)]
PAGES = ("index", "02-value-quota", "06a-checklists")
BARE = [
    one for one in PAYLOADS if "$" not in one
]  # in Markdown two dollars are a formula, which may be refused
PLAIN = [one for one in BARE if "](" not in one and "<!--" not in one]  # neither link nor comment
WAYS_IN = """[
    document.scripts.length, document.querySelectorAll('style').length, 'hit' in window,
    document.querySelectorAll('iframe, object, embed, video, audio, form, input, button, base, link,'
        + 'template, foreignObject, animate, [srcset], [srcdoc], img, meta[http-equiv=refresh]').length,
    [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(
        (a) => a.name.startsWith('on') || /^\\s*(javascript|data):/i.test(a.value))).length,
]"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("payloads")
    first = PAYLOADS[0]
    with pytest.MonkeyPatch.context() as patch:
        recorder = Recorder(patch)
        study = make_study(
            folder, synthetic=True, title=first, question=PAYLOADS[40], citation=PAYLOADS[3], licence=first,
            authors=PAYLOADS[:5],
        )  # fmt: skip
        notes = "\n\n".join(BARE)
        (study.folder / "notes.md").write_text(f"{notes}\n\n## 02-value-quota\n\n{notes}")
        door = door_of(study)
        for number, one in enumerate(PAYLOADS):
            door.sentence(f"said-{number}", one, role="answer" if number < 2 else "finding")
        for number, group in enumerate(GROUPS):
            frame = pd.DataFrame({"code": group, "n": range(1, ROWS + 1)})
            labels = {"code": group[0], "n": group[1]}
            door.table(f"codes-{number}", frame, group[2], notes=list(group), labels=labels)

            def bars(data, ax):
                ax.barh(range(ROWS), data["n"])
                for place, one in enumerate(data["code"]):
                    ax.text(0, place, one, in_layout=False)

            door.figure(f"bars-{number}", frame, bars, group[3], group[4], title=group[5])
        shown = recorder.take()
    settings = [f"name: str = {json.dumps(one)}  # {one}" for one in PAYLOADS[:1]]
    story = [text(f"# {first}"), code("\n".join(['study: str = "small"', *settings]), tags=["parameters"])]
    story += [text(f"## {one}\n\n{one}\n\n> {one}\n\n- {one}") for one in PLAIN]
    executed = {
        "02-value-quota": save(study, "02-value-quota", [*story, code("\n".join(PAYLOADS), shown)]),
        "06a-checklists": save(study, "06a-checklists", [text(f"# {first}")]),
    }
    info = {"study": "small", "vbhc": "0.1.0", "data": {f"raw/{one}.csv": "ab" for one in PAYLOADS}}
    info["skipped"] = {"04-stakeholders": PAYLOADS[41]}
    report.build(study, executed, folder / "out", info)
    return folder / "out"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with devtools.Browser(tmp_path_factory.mktemp("tab")) as running:
        yield running


@pytest.fixture(params=PAGES)
def page(request, browser, built):
    browser.visit(built / f"{request.param}.html")
    return browser, built / f"{request.param}.html"


def test_nothing_runs_loads_or_styles(page):
    browser, path = page
    assert browser.evaluate(WAYS_IN) == [1, 1, False, 0, 0]
    assert browser.asked_for() == [path.as_uri()]
    assert browser.said() == []


def seen(browser, built, css: str, page: str = "02-value-quota") -> list[str]:
    """The words of elements, as a browser has them."""
    browser.visit(built / f"{page}.html")
    return browser.evaluate(
        f"[...document.querySelectorAll({json.dumps(css)})].map((one) => one.textContent)"
    )


def test_sentences_cells_notes_and_drawings_say_what_was_typed(browser, built):
    said = "\n".join(seen(browser, built, "[data-finding^=said]"))
    cells, notes = seen(browser, built, "tbody th"), "\n".join(seen(browser, built, ".table .note"))
    drawn = [" ".join(one.split()) for one in seen(browser, built, "svg.drawing text")]
    for one in PAYLOADS:
        assert one in said or one.strip() in said, one
        assert one in cells, one
        assert one in notes, one
        assert " ".join(one.split()) in drawn, one


def test_prose_says_what_was_typed(browser, built):
    heads, texts = seen(browser, built, "main h2"), "\n".join(seen(browser, built, "main p"))
    for one in PLAIN:
        assert one.replace("`", "") in heads, one
        assert shown(one, texts), one


def shown(one: str, texts: str) -> bool:
    """Whether texts hold a payload; backticks make a listing, but not inside a block of markup."""
    return one in texts or one.replace("`", "") in texts


@pytest.mark.parametrize("page", ["index", "02-value-quota"])
def test_notes_of_analysts_say_what_was_typed(browser, built, page):
    noted = "\n".join(seen(browser, built, ".notes" if page != "index" else "main p", page))
    for one in PLAIN:
        assert shown(one, noted), one


def test_columns_are_named_as_was_typed(browser, built):
    heads = seen(browser, built, "thead th")
    for group in GROUPS:
        assert group[0] in heads
        assert group[1] in heads


def test_titles_captions_and_alternatives_say_what_was_typed(browser, built):
    heads, captions = seen(browser, built, "figure h2, figure h3"), seen(browser, built, "caption")
    alts = browser.evaluate("[...document.querySelectorAll('svg.drawing')].map((one) => one.ariaLabel)")
    for group in GROUPS:
        assert group[2] in captions
        assert group[4] in alts
        assert group[5] in heads
    assert browser.evaluate("document.title") == f"{PAYLOADS[0]} · {PAYLOADS[0]}"


def test_files_are_named_as_was_typed(browser, built):
    listed = "\n".join(seen(browser, built, "[aria-labelledby=source] li", "06a-checklists"))
    told = json.loads((built / "run.json").read_text(encoding="utf-8"))["data"]
    crate = json.loads((built / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    for one in PAYLOADS:
        name = f"raw/{one}.csv"
        assert name in listed, one
        assert name in told, one
        assert [made["@id"] for made in crate if made.get("name") == name] == [f"#data/{name}"], one


@pytest.mark.parametrize("shell", [r"\text{%s}", r"\textbf{%s}", r"\mbox{%s}", "%s", r"x_{%s}"])
def test_a_formula_is_maths_or_is_refused(shell):
    shown = 0
    for one in PAYLOADS:
        try:
            root = ElementTree.fromstring(formula(shell % one, block=False))
        except ReportError:
            continue
        shown += 1
        assert all(part.tag.rpartition("}")[2].startswith("m") for part in root.iter()), one
        names = {name for part in root.iter() for name in part.attrib}
        assert not names & {"href", "style", "class", "src"}
        assert not [name for name in names if name.startswith("on")]
        assert root.get("alttext") == " ".join((shell % one).split()) or "  " in one
    assert shown
