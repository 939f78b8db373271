"""Real runs, compared within one run: ratios, never absolute times."""
