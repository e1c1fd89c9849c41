"""The sentences of chapter 01: see `sentences.csv`."""

from vbhc.chapters.sentences import spoken

say = spoken(__file__)
