"""Disruption budgets of a NodePool."""

BUDGETS = ("spec", "disruption", "budgets")
REASONS = ("Underutilized", "Empty", "Drifted")
"""Why Karpenter ends a node of its own accord; a budget without reasons is for all of them."""
