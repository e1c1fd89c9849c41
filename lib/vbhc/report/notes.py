"""The analysts' own words on one study, from `notes.md`, put on the page they are about."""

from __future__ import annotations

import re

from vbhc.study import Study

OVERVIEW = "index"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^##[ \t]+(\d\d-[\w-]+)[ \t]*$", re.MULTILINE)


def notes_of(study: Study, page: str) -> str:
    """Return the part of `notes.md` that belongs to a page, as Markdown; empty where there is none.

    A heading such as `## 02-value-quota` starts the part for that page; what stands before the first such
    heading belongs to the overview (`page="index"`). What stands in `<!-- -->` is for those who write it.
    """
    path = study.folder / "notes.md"
    if not path.is_file():
        return ""
    parts = _HEADING.split(_COMMENT.sub("", path.read_text(encoding="utf-8")))
    texts = {
        OVERVIEW: re.sub(r"\A#[ \t]+.*\n", "", parts[0].lstrip()),
        **dict(zip(parts[1::2], parts[2::2], strict=True)),
    }
    return texts.get(page, "").strip()
