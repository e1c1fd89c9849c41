"""The head of a page: its answer, and what it means for who treats, who manages and who is treated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vbhc.publish.answer import READERS, first_sentence
from vbhc.wording import sentence_case

FOR = "for-the-"  # how the ids of sentences to one reader begin
TITLES = dict(zip(READERS, ("If you treat", "If you manage", "If you are a patient"), strict=True))
_GLUED = re.compile(r" ([=<>≤≥±]) (?=\S)")  # "n = 166" is not parted at the end of a line
_LEAD = re.compile(rf"^For (?:an? |the )?(?:{'|'.join(READERS)})s?(?:,|:)\s+", re.IGNORECASE)


class Said(NamedTuple):
    """A finding in the head of a page: its first sentence and the rest, or a title and its text."""

    finding: dict
    first: str
    rest: str


def reader_of(finding: dict) -> str:
    """Return "clinician", "manager" or "patient" for a sentence to one of them, else an empty text."""
    reader = str(finding["id"]).removeprefix(FOR)
    named = finding["id"] == f"{FOR}{reader}" and reader in READERS
    return reader if named and finding["kind"] == "sentence" else ""


def in_head(finding: dict) -> bool:
    """Whether a finding stands in the head of its page, and so not in the body."""
    return finding["kind"] == "sentence" and (finding["role"] == "answer" or bool(reader_of(finding)))


def answers(findings: Sequence[dict]) -> list[Said]:
    """Return the answers of a page in order; only the first has its first sentence apart."""
    said = [finding for finding in findings if finding["role"] == "answer" and not reader_of(finding)]
    first = [Said(finding, *first_sentence(finding["text"])) for finding in said[:1]]
    first = [one._replace(first=_GLUED.sub("\u00a0\\1\u00a0", one.first)) for one in first]
    return [*first, *(Said(finding, "", finding["text"]) for finding in said[1:])]


def to_do(findings: Sequence[dict]) -> list[Said]:
    """Return what a page says to each reader, in the order of `READERS`, without a lead of its own."""
    said = {reader: finding for finding in findings if (reader := reader_of(finding))}
    return [
        Said(said[reader], TITLES[reader], sentence_case(_LEAD.sub("", said[reader]["text"])))
        for reader in READERS
        if reader in said
    ]
