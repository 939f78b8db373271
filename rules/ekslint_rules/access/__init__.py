"""Who may enter the cluster."""
