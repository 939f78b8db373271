"""Capacity that AWS can take back."""
