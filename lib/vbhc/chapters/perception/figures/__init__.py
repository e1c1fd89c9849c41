"""Figures of chapter 03."""
