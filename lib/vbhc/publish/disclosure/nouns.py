"""Nouns that follow a number: those for people and their answers, and those for things.

A noun that stands in neither list leaves a bare number alone ("12 beds"), but "3 of 12 beds" is taken for
people: only what is declared here to be a thing may stand beside a small part of a whole.
"""

PEOPLE = (
    "adults?|answers|carers?|cases?|child(?:ren)?|clinicians?|deaths?|employees?|interviewees?|managers?|m[ae]n|"
    "missing|non-clinicians?|nurses?|pairs?|participants?|patients?|payers?|people|persons?|physicians?|"
    "professionals?|records?|respondents?|responders?|rows|speakers?|staff|students?|users?|wom[ae]n"
)
# "Interviews" are no things here: 2 of 26 interviews are 2 of 26 people.
_KINDS = (
    "arms|bins|categories|cells|checks|choices|clinics|codes|columns|comparisons|components|definitions|"
    "dimensions|domains|estimates|events|groups|hospitals|imputations|instruments|intervals|items|measures|"
    "models|notebooks|outcomes|p-values|pages|passages|practices|prices|providers|questions|resamples|"
    "resources|rounds|scales|segments|sensitivity\\s+analyses|simulations|sites|specifications|statements|"
    "subscales|tasks|tests|themes|thresholds|trusts|units|variables|visits|wards"
)
# Between number and thing stand no verbs: "3 of 15 answered questions" counts people.
_BETWEEN = (
    "best-worst|clinical|defensible|different|first|last|main|numeric|other|outcome|possible|same|single|such"
)
# People who only say which things: "2 of 7 patient groups", "3 nurse visits".
WHOSE = (
    "adult|carer|case|child|clinician|employee|interviewee|manager|nurse|participant|patient|payer|person|"
    "physician|professional|respondent|speaker|staff|student|user"
)
THINGS = rf"(?:(?:{_BETWEEN}|{WHOSE})\s+){{0,2}}(?:pairs\s+of\s+)?(?:{_KINDS})\b"
NOT_THINGS = rf"(?!\s+{THINGS})"
# Choices on a scale that people could make, and a rule that says of nobody in particular how many there are.
OF_A_SCALE = r"\b\d+\s+(?:highest|lowest|possible|allowed|top|bottom)\s+answers\b"
PAIRS_OF_THINGS = rf"\b\d+\s+pairs\s+of\s+(?:{_KINDS})\b"
AS_A_RULE = (
    r"\b(?:shared\s+by|rests?\s+on|based\s+on)\s+at\s+least\s+\d+\b|\bneeds?\s+n\s*=\s*\d[\d,]*"
    r"|\b\d[\d,]*\s+\w+\s+give\s+\d+%"
)
