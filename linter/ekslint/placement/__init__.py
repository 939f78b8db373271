"""The scheduler, statically: whether pods can run on the pools that were declared, and if not, why not."""
