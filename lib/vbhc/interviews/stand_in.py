"""Make texts for documents of which an export holds only the marked passages."""

from vbhc.interviews.tables import EXPORT, Interviews

BETWEEN = "\n\n"
NO_WORDS = "[passage without words]"


def with_texts(interviews: Interviews) -> Interviews:
    """Return the interviews with a text for every such document: its passages, a blank line between them.

    Passages that overlap in the interview stand apart here. Other documents stay as they are.
    """
    documents = interviews.documents
    bare = set(documents.loc[(documents["kind"] == EXPORT) & (documents["text"] == ""), "doc"])
    if not bare:
        return interviews
    pieces: dict[str, list[str]] = {doc: [] for doc in bare}
    ends = dict.fromkeys(bare, 0)
    starts, stops = interviews.segments["start"].tolist(), interviews.segments["end"].tolist()
    rows = zip(interviews.segments["doc"], interviews.segments["text"], strict=True)
    for n, (doc, text) in enumerate(rows):
        if doc in bare:
            pieces[doc].append(text or NO_WORDS)
            starts[n] = ends[doc]
            stops[n] = starts[n] + len(pieces[doc][-1])
            ends[doc] = stops[n] + len(BETWEEN)
    texts = {doc: BETWEEN.join(parts) for doc, parts in pieces.items()}
    segments = interviews.segments.assign(start=starts, end=stops)
    text = documents["doc"].map(texts).fillna(documents["text"])
    made = documents.assign(text=text, n_chars=text.str.len())
    return interviews._replace(documents=made, segments=segments.astype({"start": "Int64", "end": "Int64"}))
