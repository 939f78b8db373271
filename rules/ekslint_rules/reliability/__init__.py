"""Workloads that survive a node."""
