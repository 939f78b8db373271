"""Rules about EKS Auto Mode."""
