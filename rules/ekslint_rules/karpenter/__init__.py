"""Rules about Karpenter."""
