"""The longer sentences of chapter 04: see `sentences.csv`."""

from vbhc.chapters.sentences import spoken

say = spoken(__file__)
