"""Load balancers, and the controllers that make them."""
