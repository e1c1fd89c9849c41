"""How the chapter's tables and figures are laid out: see `layout.yml`."""

from vbhc.chapters.layout import laid_out

table, drawing, intervals = laid_out(__file__)
