"""Volumes, and the drivers that provide them."""
