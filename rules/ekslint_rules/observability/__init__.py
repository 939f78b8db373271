"""Knowing what happened."""
