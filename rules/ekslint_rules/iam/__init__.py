"""What nodes and pods may do in AWS."""
