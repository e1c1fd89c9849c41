"""Disclosure over a whole report: hide what its tables together would reveal, and say so.

Works on the executed notebooks in memory, before any page is written: a finding that changes gets a new mark,
so that the later checks hold it to what is published.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from nbformat import NotebookNode

from vbhc.publish.disclosure import telling
from vbhc.publish.disclosure.across import Hide, hide_across, is_missing, line_sums, says_missing
from vbhc.publish.disclosure.counting import left_out, numbers_in
from vbhc.publish.disclosure.gathered import Findings, gather, see
from vbhc.publish.disclosure.outside import Reading, close_counts, given_back, read_table, told_twice
from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.disclosure.resting import with_intervals
from vbhc.publish.disclosure.rows import Place
from vbhc.publish.disclosure.said import masked
from vbhc.publish.findings import marks
from vbhc.report import withhold
from vbhc.report.markdown import ReportError
from vbhc.report.texts import numbers_of, texts_of

# What would be lost with a count that has to go wherever it stands: most sentences keep their words without
# it, a figure that draws it goes altogether.
_WORTH = {"answer": 4.0, "sentence": 2.0, "table": 1.0, "figure": 1.0}
_WHOLE_SENTENCE = 8.0
_DRAWN = 10.0
_OF_ALL = ("n", "n_missing")  # columns that count of everybody in the study
Outputs = list[tuple[NotebookNode, dict]]


def protect(
    notebooks: Mapping[str, NotebookNode],
    policy: Policy,
    people: float | None = None,
    typed: Iterable[str] = (),
) -> None:
    """Hide (in place) what the findings of all notebooks together would reveal.

    Parameters
    ----------
    people : number, optional
        How many people the study has, so that a count of other things is not taken for everybody.
    typed : iterable of str
        What the pages say besides their findings (`texts.typed_texts`); counts in it cannot be withheld.

    Raises
    ------
    ReportError
        If a finding lacks the counts that the check needs (it was made by an older library).

    Notes
    -----
    What is hidden changes what an outsider would compare: with the largest count gone a smaller one is more
    than half of what is left. So the report is gone through again until it stays as it is, which it does,
    since each time at least one count more is gone.
    """
    if not policy.protects:
        return
    outputs = [made[1:] for page in notebooks.values() for made in marks.marked_outputs(page)]
    said = (text for _, finding in outputs for text in texts_of(finding))
    fixed = {number for text in typed for number in numbers_in(text, typed=True)}
    wholes = set() if policy.rounds_to else _wholes(outputs, policy)
    if not (policy.rounds_to or _near(people, fixed, policy)):  # rounded parts are no parts of everybody
        fixed |= telling.parts_of_everybody(said, people, policy, wholes)
        wholes = {n for n in wholes if not any(policy.hides(abs(n - one)) for one in fixed)}
    _go_through(outputs, policy, people, fixed, wholes)
    while _go_through(outputs, policy, people, fixed, wholes, again=True):
        pass
    for output, finding in outputs:
        if finding["kind"] == "table":
            withhold.leave_out_stars(output, finding, policy)
        output["metadata"]["vbhc"].update(marks.mark(finding)["vbhc"])


def _go_through(
    outputs: Outputs, policy: Policy, people: float | None, fixed: set, wholes: set, again: bool = False
) -> bool:
    """Hide (in place) what the findings, as they stand, would reveal; return whether anything changed."""
    before = [marks.sha256(finding) for _, finding in outputs]
    counted = [one for one in outputs if one[1]["kind"] != "sentence"]
    found, read = _found(counted, policy, people)
    outside = [] if policy.rounds_to else _worked_out(found, read, again)
    said = {} if policy.rounds_to else _said(outputs)  # what is said there is none of the counts
    gone, left, within = _alike(found, outputs, policy, people, said, fixed, wholes)
    if again and not (gone or outside or found.alone):
        return False
    for own in found.cells:
        own.within = min(own.within, within.get(own.value, np.inf))
    hide = hide_across(found, policy, gone, said, again, left, people)
    new = [*hide.stars, *hide.about]
    for cell in new:
        found.cells[cell].hidden = True
    known = {*fixed, *said, *telling.shown_numbers(found)}
    mask = withhold.Mask(set(), known, policy, people, within)
    _hide_cells(found, hide, counted, mask)
    for place in (*hide.statistics, *outside):  # numbers that would tell how many people they are of
        _take_out(counted[place.finding], place.row, {place.column: MARK}, policy)
    secret = telling.secret_numbers(found, new, policy)
    if policy.rounds_to:  # 138 are "140" in words, where the title says 139
        withhold.leave_out_n(outputs, {policy.rounded(n) for n in secret | gone})
    else:
        secret |= (gone | left) & said.keys()
        secret = (secret | telling.left_over(found, secret, policy, fixed | {people or 0})) - fixed
        withhold.hide_texts(outputs, mask._replace(secret=secret, known=known - secret))
    return [marks.sha256(finding) for _, finding in outputs] != before


def _alike(
    found: Findings,
    outputs: Outputs,
    policy: Policy,
    people: float | None,
    said: dict,
    fixed: set,
    wholes: set,
) -> tuple[set[float], set[float], dict[float, float]]:
    """Return which counts go since others lie near, who is missing that leaves one, and who gets a mark."""
    every = people or 0
    sums = {total for total, _ in line_sums(found, crossed=False) if every / 2 < total <= every}
    worth = _worth(found, said, sums)
    answered = _answered(found, outputs, people)
    for missing, rest in answered.items():
        worth[rest] = worth.get(rest, 0) + worth.get(min(missing), 0)
    stay = fixed | wholes
    gone = telling.too_alike(worth, policy, people, stay, sums - telling.shown_numbers(found) - {*said})
    if _near(people, fixed, policy):  # the study's size has to go: what adds up to it does too
        gone |= {n for n in worth if n > every / 2 and (every - n in worth or n in answered.values())} - fixed
    left = {min(missing) for missing, rest in answered.items() if rest in gone}
    silent = {cell.value for cell in found.cells if is_missing(cell)} if people else set()
    within = telling.no_room(gone, silent, {*worth, *stay} - gone, policy, every)
    return gone, left, within


def _near(size: float | None, fixed: set, policy: Policy) -> bool:
    """Whether a number that pages give else is the study's but for a few: 71 of a file, one set aside."""
    return not policy.rounds_to and any(policy.hides(abs(n - size)) for n in fixed if size and n != size)


def _wholes(outputs: Outputs, policy: Policy) -> set[float]:
    """Return of how many people tables say that they count all but a few: 182 of 185 tell of three."""
    made = [data for output, _ in outputs for data in output["metadata"]["vbhc"].get("counts") or ()]
    wholes = ((most, data["values"]) for data in made for most in data.get("most", {}).values())
    few = range(1, policy.hides_up_to + 1)
    return {float(most) for most, rows in wholes if any(most - (n or 0) in few for row in rows for n in row)}


def _found(counted: Outputs, policy: Policy, people: float | None) -> tuple[Findings, Reading]:
    """Return all counts of the report, and what its published tables show to those who read nothing else."""
    structures = [output["metadata"]["vbhc"].get("counts") for output, _ in counted]
    if None in structures:
        old = counted[structures.index(None)][1]
        raise ReportError(f"{old['notebook']}: run it again; {old['id']!r} was made by an older library")
    found = gather(structures, [finding["kind"] == "figure" for _, finding in counted])
    things = [finding.get("things", ()) for _, finding in counted]
    known = {place for place, cell in found.at.items() if found.cells[cell].people}
    read = Reading([read_table(finding["csv"]) for _, finding in counted], things, policy, people, known)
    see(found, read)
    return found, read


def _worked_out(found: Findings, read: Reading, again: bool) -> list[Place]:
    """Return statistics that have to go, and note cells (in place), since a reader would work with them.

    Of two counts of one group the smaller goes, of two means the one of fewer people, but no drawn one where
    it can be helped; of the numbers that leave a withheld count too few values a statistic, else the smallest
    count.
    """
    for less, more in close_counts(read):
        cells = [found.at[place] for place in (less, more) if place in found.at]
        found.alone += sorted(cells, key=lambda cell: found.cells[cell].drawn)[:1]
    gone: list[Place] = []
    true = [found.cells[found.at[place]].value if place in found.at else np.nan for place in read.cells]
    for pair in (*told_twice(read, true), *told_twice(read, read.shown())):
        if not set(pair) & set(gone):
            gone.append(max(pair, key=lambda place: (place.finding not in found.drawings, place)))
    twice = [
        place._replace(column=column)
        for place in gone
        for column in with_intervals([place.column], read.headers[place.finding])
    ]
    for one in given_back(read) if again else ():
        told = [place for place in one.by if place not in found.at and place.finding not in found.drawings]
        cells = [found.at[place] for place in one.by if place in found.at]
        twice += told[:1]
        if cells and not told:
            found.alone.append(min(cells, key=lambda c: (found.cells[c].drawn, found.cells[c].value)))
    return twice


def _said(outputs: Outputs) -> dict[float, float]:
    """Return the counts that texts and drawings give in words, and what the texts are worth."""
    said: dict[float, float] = {}
    for output, finding in outputs:
        worth = _WORTH["answer" if finding["role"] == "answer" else finding["kind"]]
        for number in numbers_of(output, finding):
            whole = finding["kind"] == "sentence" and masked(finding["text"], [number]) is None
            said[number] = said.get(number, 0) + (_WHOLE_SENTENCE if whole else worth)
    return said


def _worth(found: Findings, said: dict[float, float], sums: set[float]) -> dict[float, float]:
    """Return every count that is shown or said, or the sum of a line, with what would be lost without it.

    A line that lacks a rare level, or those of whom nobody knows it, adds up to nearly everybody.
    """
    where: dict[float, set[int]] = {}
    shown = [cell for cell in found.cells if not cell.hidden]
    for cell in shown:
        where.setdefault(cell.value, set()).update(place.finding for place in cell.places)
    drawn = {cell.value for cell in shown if cell.drawn}
    worth = {count: len(findings) + _DRAWN * (count in drawn) for count, findings in where.items()}
    worth = dict.fromkeys(sums, _WORTH["table"]) | worth
    return {count: worth.get(count, 0) + said.get(count, 0) for count in worth | said}


def _answered(found: Findings, outputs: Outputs, people: float | None) -> dict[tuple[float, ...], float]:
    """Return shown counts of who is missing, and how many of the study they leave: 81 of 248 leave 167.

    A row that counts fewer under the same name ("did not answer" of an arm) is missing of a group, and so is
    what another column counts (`n_usual care`): of these the study is not the whole.
    """
    gone = [cell for cell in found.cells if cell.value and is_missing(cell) and cell.column in _OF_ALL]
    most: dict[str, float] = {}
    for value, label in ((cell.value, label) for cell in gone for label in cell.labels):
        most[label] = max(value, most.get(label, 0))
    whole = [c for c in gone if all(most[one] == c.value for one in c.labels if says_missing(one))]
    lists: set[tuple[float, ...]] = {(cell.value,) for cell in whole if not cell.hidden}
    lists |= {
        tuple(map(float, listed)) for _, one in outputs for text in texts_of(one) for listed in left_out(text)
    }
    return {one: people - sum(one) for one in sorted(lists) if people and 0 < sum(one) < people / 2}


def _hide_cells(found: Findings, hide: Hide, counted: Outputs, mask: withhold.Mask) -> None:
    """Hide (in place) counts, and what follows them, in tables; withhold figures that draw one.

    Where a count is given nearly, what rests on it stays: the system found that it may.
    """
    nearly = set(hide.about)
    for cell in (*hide.stars, *hide.about):
        value, near = found.cells[cell].value, cell in nearly
        given = mask.given(value) if near else MARK
        for place in found.cells[cell].places:
            output, finding = counted[place.finding]
            data, row, column = found.inside[place]
            data["hidden"][row][column] = True
            if finding["kind"] == "figure" and place.column in data["base"]:
                withhold.hide_in_data(finding, place, given)
                withhold.hide_in_words(output, finding, value, mask)
            else:
                follow = [] if near else [c for c, bases in data["follows"].items() if place.column in bases]
                hidden = {place.column: given, **dict.fromkeys(follow, MARK)}
                _take_out(counted[place.finding], place.row, hidden, mask.policy)


def _take_out(shown: tuple[NotebookNode, dict], row: int, given: Mapping[str, str], policy: Policy) -> None:
    """Put what is given instead in a row of a table (in place), or withhold a figure if it still is one."""
    output, finding = shown
    if finding["kind"] == "figure":
        withhold.withhold_figure(output, finding, policy)
    elif finding["kind"] == "table":
        withhold.hide_in_table(finding, row, given, policy)
