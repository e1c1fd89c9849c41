"""Chapter 01: are the data sound, and who is in them?"""
