"""Enough nodes, and not only the same ones."""
