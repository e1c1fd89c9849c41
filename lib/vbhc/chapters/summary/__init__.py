"""Chapter 06: the answers side by side, and what they rest on."""
