"""Generators of made-up studies: what they imitate is published, every patient and answer is invented."""
