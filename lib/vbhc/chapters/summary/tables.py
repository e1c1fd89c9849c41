"""Gather what the other notebooks found: their questions, computed answers and limits, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable

import nbformat
import pandas as pd

from vbhc.chapters.exercises import PREFIX
from vbhc.publish.answer import first_sentence
from vbhc.study import Study

SYNTHETIC = "The data are synthetic: made from published figures, not from people. No result is one."
NO_ANSWER = "No answer: the page was not run for this study."
READERS = ("for-the-clinician", "for-the-manager", "for-the-patient")
SUMMARY = "06-summary"
# The pages whose answers make the whole, the first three that a study has.
WHOLE = ("02-value-quota", "03-perception", "04-stakeholders", "05-variation")
AT_MOST = 3
# Sentences that say who or what was read, by name: they stand beside their counts on their own page.
ONLY_READ = ("compared", "quoted", "survey-respondents")
# Sentences that say only that a study lacks something or that something cannot be known; a test or an
# interval makes a finding of them.
_ABSENT = re.compile(r"^(no|nobody|nothing)\b|\b(study|interviewees) \w+ no\b|\bcannot be\b", re.I)
_TESTED = re.compile(r"\bCI\b|\bp [=<>]")
_HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.MULTILINE)
# Markdown and what stays of it, in this order; code comes first since it holds no other marks.
_CODE = re.compile(r"(`+)(.+?)\1")
_MARKS = (
    (re.compile(r"\s*\[\[\d+\]\]\(#[^)]*\)"), ""),  # a mark that leads to a source
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),  # a link or picture
    (re.compile(r"!?\[([^\]]+)\]\[[^\]]*\]"), r"\1"),  # a link named elsewhere
    (re.compile(r"</?[A-Za-z][^<>]*>"), ""),
    (re.compile(r"(?<!\\)\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<![\w\\*])\*(?=\S)([^*]+)(?<=[^\s\\])\*(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w\\_])(_{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?![\w_])"), r"\2"),
    (re.compile(r"~~(.+?)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])"), r"\1"),  # an escaped sign
)


def questions(study: Study) -> dict[str, str]:
    """Notebook name to its question (its first heading), of the notebooks executed for this study."""
    titles = {}
    for path in sorted(study.runs.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        lines = next((c.source for c in cells if c.cell_type == "markdown"), "").splitlines()
        titles[path.stem] = lines[0].lstrip("# ").strip() if lines else path.stem
    return titles


def answers_table(found: list[dict], asked: dict[str, str]) -> pd.DataFrame:
    """One row per notebook: `page, question, answer`, in reading order.

    Parameters
    ----------
    found : list of dict
        Findings of a run, as `findings.read` returns them.
    asked : dict
        From `questions`: notebook name to its question.
    """
    answers = {f["notebook"]: f["text"] for f in found if f.get("role") == "answer"}
    rows = [(page, asked[page], answers.get(page, NO_ANSWER)) for page in sorted(asked)]
    return pd.DataFrame(rows, columns=["page", "question", "answer"])


def readers_table(found: list[dict]) -> pd.DataFrame:
    """What it means for a clinician, a manager and a patient: `page, meaning`, reader by reader."""
    own = [f for name in READERS for f in found if _is_sentence(f) and f.get("id") == name]
    return pd.DataFrame([(f["notebook"], f["text"]) for f in own], columns=["page", "meaning"])


def findings_table(found: list[dict]) -> pd.DataFrame:
    """Every computed sentence that finds something: `page, about, finding`, page after page.

    `about` is the sentence's name in words. Answers, limits and what is said to one reader stand elsewhere.
    By rule are left out: what was withheld; what gives no number, or says only that something is absent or
    cannot be known; what tells who or what was read (`ONLY_READ`); answers of
    exercises; what an answer says word for word.
    """
    answers = [f["text"] for f in found if f.get("role") == "answer"]
    own = [f for f in found if _is_sentence(f) and _is_finding(f, answers)]
    abouts = [f.get("id", "").removesuffix("-said").replace("-", " ") for f in own]
    rows = [(f["notebook"], about, f["text"]) for f, about in zip(own, abouts, strict=True)]
    table = pd.DataFrame(rows, columns=["page", "about", "finding"])
    return table.sort_values("page", kind="stable", ignore_index=True)


def _is_finding(sentence: dict, answers: list[str]) -> bool:
    text, id = sentence["text"], sentence.get("id")
    elsewhere = id in (*READERS, *ONLY_READ) or str(id).startswith(PREFIX)
    if sentence.get("role") != "finding" or sentence.get("withheld") or elsewhere:
        return False
    absent = _ABSENT.search(first_sentence(text)[0]) and not _TESTED.search(text)
    return bool(re.search(r"\d", text)) and not absent and not any(text in answer for answer in answers)


def _is_sentence(finding: dict) -> bool:
    return finding["kind"] == "sentence"


def limits_table(study: Study, found: list[dict], source: str = "") -> pd.DataFrame:
    """What may not be concluded: `page, limit`.

    First what holds for the whole study (its nature, what the door withheld, what `source` says of the
    published source), then page by page the limits that were computed and those that belong to the method
    (the list under "Limits" of each notebook).
    """
    withheld = sum(len(f.get("withheld") or []) for f in found)
    policy = f"{withheld} numbers were withheld under the policy {study.config.disclosure!r}."
    whole = (SYNTHETIC if study.config.synthetic else "", policy if withheld else "", source)
    rows = [("all", text) for text in whole if text]
    written = written_limits(study)
    computed = [(f["notebook"], f["text"]) for f in found if f.get("role") == "limit"]
    for page in sorted({name for name, _ in computed} | set(written)):
        rows += [one for one in computed if one[0] == page]
        rows += [(page, text) for text in written.get(page, ())]
    return pd.DataFrame(rows, columns=["page", "limit"])


def written_limits(study: Study) -> dict[str, list[str]]:
    """Return the lists that stand under a heading "Limits" in the executed notebooks, by notebook."""
    found = {}
    for path in sorted(study.runs.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        texts = [c.source for c in cells if c.cell_type == "markdown" and path.stem != SUMMARY]
        items = [item for text in texts for item in _under_limits(text)]
        if items:
            found[path.stem] = items
    return found


def _under_limits(markdown: str) -> list[str]:
    """Return the items of a list under a heading "Limits", each on one line and without markup."""
    parts = _HEADING.split(markdown)
    bodies = [body for title, body in zip(parts[1::2], parts[2::2], strict=True) if title == "Limits"]
    items = [item for body in bodies for item in re.split(r"^- ", body, flags=re.MULTILINE)[1:]]
    return [plain_text(item) for item in items]


def plain_text(markdown: str) -> str:
    """Return Markdown as one line of plain words: no emphasis, links, marks of sources, tags or code signs.

    What stands between code signs is kept as it is, and so are a lone `*` and the `_` inside a word.
    """
    parts, end = [], 0
    text = " ".join(markdown.split())
    for code in _CODE.finditer(text):
        parts += [text[end : code.start()], code[2].strip()]
        end = code.end()
    parts.append(text[end:])
    return "".join(part if n % 2 else _unmarked(part) for n, part in enumerate(parts)).strip()


def _unmarked(text: str) -> str:
    for mark, kept in _MARKS:
        text = mark.sub(kept, text)
    return text


def answer_sentence(found: list[dict], gains: str = "") -> str:
    """What was found, over the pages: the first sentence of the answer of each page in `WHOLE`.

    At most three. A page that stands alone gives two, and so does the last page of a study that has none of
    these; `gains` is the answer on gains and pains, whose first sentence then leads. What was withheld is
    passed over where another page has an answer.
    """
    answers = {f["notebook"]: f for f in found if f.get("role") == "answer"}
    told = {page: f["text"] for page, f in answers.items() if not f.get("withheld")}
    told = told or {page: f["text"] for page, f in answers.items()}
    if not told:
        return "No notebook of this study has given an answer yet; run the study first."
    pages = [page for page in WHOLE if page in told] or [max(told)]
    if len(pages) == 1:
        lead, rest = first_sentence(told[pages[0]])
        return _joined([gains, lead, rest])
    return _joined(told[page] for page in pages[:AT_MOST])


def _joined(answers: Iterable[str]) -> str:
    return " ".join(filter(None, dict.fromkeys(first_sentence(text)[0] for text in answers)))
