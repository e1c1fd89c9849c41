"""Six made-up studies as unlike each other as studies can be, to try what is typed and what is computed.

A sentence that holds on all of them does not hang on the shipped data.
"""

from unlike.dead_arm import dead_in_one_arm
from unlike.hips import hip_like
from unlike.negative_gain import negative_gain
from unlike.no_relation import no_relation
from unlike.perfect import perfect
from unlike.twelve import twelve

__all__ = ["STUDIES"]

# Name of the study's folder -> what writes it there: `STUDIES["twelve"](root / "data" / "twelve")`.
STUDIES = {
    "no-relation": no_relation,
    "negative-gain": negative_gain,
    "dead-in-one-arm": dead_in_one_arm,
    "twelve": twelve,
    "perfect": perfect,
    "hip-like": hip_like,
}
