"""Rules at work: what a rule is, which ones run on what, and what becomes of their findings."""
