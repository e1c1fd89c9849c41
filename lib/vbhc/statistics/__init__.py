"""Pure functions, a Series or frame in and a tidy frame out: ratios, correlation, resampling, exact tests."""
