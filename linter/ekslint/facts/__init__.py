"""What AWS and Kubernetes say: versions, instance types, zones, images, policies and labels, as data.

Nothing in here knows what a user declared or what a rule thinks of it. The tables are tab-separated text under
`data/`; each starts with comment lines that name its source, version, date and licence, and is read when first asked
for. Generated tables come from `tools/refresh_facts.py`, the others are kept by hand.

An unknown name is never an error in here: every lookup answers `None` (or an empty set), because AWS adds types,
versions and regions faster than any release of a linter.
"""
