"""Attacks on published reports: what an outsider with a solver makes of them."""
