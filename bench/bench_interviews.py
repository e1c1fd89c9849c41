"""A large coding project: 500 interviews, 200 codes, over 50,000 codings; read, and page 04 computed.

Bounds: read in 10 s of processor time, page 04 in 30 s, memory 1 GiB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.heard import heard_of
from vbhc.interviews.tables import Interviews
from vbhc.publish.claims import Claim, render

PEOPLE, CODES, CODINGS = 500, 200, 50_000
WORDS = [
    "value",
    "care",
    "cost",
    "outcome",
    "time",
    "team",
    "patient",
    "data",
    "work",
    "help",
    "slow",
    "fast",
]
BOUNDS = {"read": 10.0, "page 04": 30.0}
MOST_BYTES = 2**30


def project(seed: int = 1) -> Interviews:
    """Invent a project: each interviewee raises some codes more; a second coder reads a tenth."""
    rng = np.random.default_rng(seed)
    each = CODINGS // PEOPLE
    codes = [f"idea {n}" for n in range(CODES)]
    documents, segments, codings = [], [], []
    for person in range(PEOPLE):
        text = " ".join(rng.choice(WORDS, 4_000))
        starts = np.sort(rng.choice(len(text) - 200, each * 3 // 4, replace=False))
        own = rng.choice(CODES, 40, replace=False)
        documents.append((f"I{person}", f"I{person}", "text", len(text), text))
        coders = ("Kim", "Lou") if person % 10 == 0 else ("Kim",)
        for n, start in enumerate(starts):
            for coder in coders:
                at = int(start) + int(coder == "Lou") * int(rng.integers(0, 5))
                seg = f"S{len(segments):06d}"
                segments.append((seg, f"I{person}", f"I{person}", at, at + 120, "", "", ""))
                marks = rng.choice(own, 1 + (n % 3 == 0), replace=False)
                codings += [(seg, codes[mark], coder, pd.Timestamp("2026-01-01", tz="UTC")) for mark in marks]
    people = pd.DataFrame({"participant": [f"I{n}" for n in range(PEOPLE)]})
    people["role"] = np.where(np.arange(PEOPLE) % 2, "clinician", "manager")
    book = pd.DataFrame({"code": codes, "label": codes, "path": codes, "theme": codes})
    book = book.assign(parent="", definition="", sets="", codable=True, colour="", guid="")
    parts = pd.DataFrame(
        segments, columns=["seg", "doc", "participant", "start", "end", "text", "comment", "guid"]
    )
    return Interviews(
        people,
        pd.DataFrame(documents, columns=["doc", "participant", "kind", "n_chars", "text"]),
        book,
        parts.astype({"start": "Int64", "end": "Int64"}),
        pd.DataFrame(codings, columns=["seg", "code", "coder", "when"]),
        pd.DataFrame(columns=["status", "item", "n", "detail"]),
    )


def page_04(coded: Interviews) -> list[str]:
    """Compute what pages 04 and 04b say of the interviews."""
    heard = heard_of(coded, "role", stakeholders.codes_under(coded))
    whole, spread = stakeholders.whole_profiles(heard), stakeholders.how_mixed(heard)
    codes = stakeholders.codes_compared(heard)
    agreement, dry = stakeholders.coders_agree(heard), stakeholders.codes_ran_dry(heard)
    results = [
        stakeholders.taken_together(heard, whole, spread),
        stakeholders.widest_gaps(heard, codes),
        stakeholders.trust(heard, agreement, dry),
        stakeholders.agreement_by_code(heard, agreement),
        stakeholders.ideas_that_meet(heard, stakeholders.pairs_of_ideas(heard)),
        stakeholders.stakeholders_answer(None, heard, pd.DataFrame(), whole, codes),
    ]
    texts = [text for result in results if result is not None for text in result.says if text]
    return [render(text) if isinstance(text, Claim) else text for text in texts]


def main() -> None:
    """Print seconds of processor time and the most memory; end with 1 above a bound."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        path = interviews.write_qdpx(project(), Path(folder) / "large.qdpx")
        before = time.process_time()
        coded = interviews.read(path)
        took["read"] = time.process_time() - before
        before = time.process_time()
        said = page_04(coded)
        took["page 04"] = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = f"{len(coded.participants)} interviews, {len(coded.codes)} codes, {len(coded.codings):,} codings"
    each = ", ".join(f"{name} {seconds:.1f} s CPU" for name, seconds in took.items())
    print(f"{size}: {each}; {memory / 2**20:.0f} MiB; {len(said)} sentences")
    if memory > MOST_BYTES or any(took[name] > bound for name, bound in BOUNDS.items()):
        sys.exit("above a bound: " + ", ".join(f"{name} {bound:g} s" for name, bound in BOUNDS.items()))


if __name__ == "__main__":
    main()
