"""Rules on who may do what inside of the cluster."""
