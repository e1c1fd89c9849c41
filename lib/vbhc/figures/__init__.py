"""Every plot of the suite: each is drawn from a tidy frame of aggregated rows, takes an `ax` and returns it.

For each figure there are three functions: one that makes its frame (counts in `n`, so that a disclosure
policy can withhold rows), `plot_*(data, ax)` that draws exactly that frame (a withheld row leaves a gap), and
`alt_*(data)` that says in words what the picture shows.
"""

from vbhc.figures import (
    association,
    codes,
    components,
    distribution,
    economics,
    flow,
    frontier,
    multiverse,
    people,
    stakeholders,
    style,
    survey,
    value,
)

__all__ = [
    "association",
    "codes",
    "components",
    "distribution",
    "economics",
    "flow",
    "frontier",
    "multiverse",
    "people",
    "stakeholders",
    "style",
    "survey",
    "value",
]
