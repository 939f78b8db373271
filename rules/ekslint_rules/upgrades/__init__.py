"""Versions and images, and when they end."""
