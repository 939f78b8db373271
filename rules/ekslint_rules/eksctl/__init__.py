"""What eksctl itself would refuse, all of it at once and without AWS."""
