"""What Karpenter is told of nodes, and where it runs itself."""
