"""Sentences of the chapters: every one is said somewhere, and fractions are written as readers see them."""

import csv
import re

import pytest
from places import REPO

from vbhc.chapters.variation.sentences import say

CHAPTERS = [path.parent for path in sorted((REPO / "lib/vbhc/chapters").glob("*/sentences.csv"))]
NAMES = [
    (chapter.name, row["id"])
    for chapter in CHAPTERS
    for row in csv.DictReader((chapter / "sentences.csv").read_text(encoding="utf-8").splitlines())
]
CODE = {
    chapter.name: "\n".join(path.read_text(encoding="utf-8") for path in sorted(chapter.rglob("*.py")))
    for chapter in CHAPTERS
}


def test_chapters_that_keep_sentences_are_found():
    assert set(CODE) == {"cleaning", "perception", "stakeholders", "value", "variation"}


@pytest.mark.parametrize(("chapter", "name"), NAMES)
def test_every_sentence_is_said_somewhere(chapter, name):
    stem = re.compile(rf'["\']{name}["\']|f"{re.sub(r"-[a-z]+$", "-", name)}{{')
    assert stem.search(CODE[chapter]), name


@pytest.mark.parametrize("chapter", list(CODE))
def test_no_id_stands_twice(chapter):
    ids = [name for own, name in NAMES if own == chapter]
    assert len(ids) == len(set(ids))


def test_numbers_are_written_by_the_house():
    assert say("expected-shift", size=0.04999, side="below").startswith("On the whole patients ended 0.0 ")
    assert say("value-of-what", gain=0.0001, cost=0.0312).count("<0.1%") == 1
    assert "the 95% limits" in say("limits-named", watch=0.95, act=0.998)


def test_a_word_that_is_not_given_is_an_error():
    with pytest.raises(KeyError, match="side"):
        say("expected-shift", size=1.0)


def test_one_of_a_kind_is_no_plural():
    assert say("months-title", n=1, whole=24).startswith("1 of 24 months is more")
    assert say("months-title", n=2, whole=24).startswith("2 of 24 months are more")
    assert say("change-not-met", looks=1) == "was not met at 1 look"
