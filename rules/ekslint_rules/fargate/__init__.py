"""Pods on Fargate."""
