"""How the chapter's tables and figures are laid out: see `layout.yml`."""

from vbhc import shipped
from vbhc.chapters.layout import laid_out

table, drawing, intervals = laid_out(__file__)
WORDS = shipped.tree(__file__, "words.yml")  # what is said where one of several things was found
