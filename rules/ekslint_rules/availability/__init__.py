"""Losing one thing must not take everything down."""
