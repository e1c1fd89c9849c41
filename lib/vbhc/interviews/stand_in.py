"""Make texts for documents of which an export holds only the marked passages."""

from __future__ import annotations

from vbhc.interviews.assemble import EXPORT
from vbhc.interviews.tables import Interviews

NO_WORDS = "[passage without words]"


def with_texts(interviews: Interviews) -> Interviews:
    """Return the interviews with a text for every such document: its passages, a blank line between them.

    Passages that overlap in the interview stand apart here. Other documents stay as they are.
    """
    documents = interviews.documents
    bare = set(documents.loc[(documents["kind"] == EXPORT) & (documents["text"] == ""), "doc"])
    if not bare:
        return interviews
    texts = dict.fromkeys(bare, "")
    segments = interviews.segments.copy()
    for at, doc, text in zip(segments.index, segments["doc"], segments["text"], strict=True):
        if doc in bare:
            before = f"{texts[doc]}\n\n" if texts[doc] else ""
            words = text or NO_WORDS
            texts[doc] = before + words
            segments.loc[at, ["start", "end"]] = [len(before), len(before) + len(words)]
    text = documents["doc"].map(texts).fillna(documents["text"])
    made = documents.assign(text=text, n_chars=text.str.len())
    return interviews._replace(documents=made, segments=segments.astype({"start": "Int64", "end": "Int64"}))
