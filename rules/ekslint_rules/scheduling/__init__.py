"""Pods and the nodes that take them."""
