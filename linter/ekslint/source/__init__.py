"""Ground floor: files and text. Knows nothing about EKS."""
