"""What reaches the cluster and its nodes."""
