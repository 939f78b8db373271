"""Kubernetes objects as typed views over their manifests: nothing is converted, so every field keeps its place."""
