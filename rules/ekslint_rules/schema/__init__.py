"""Rules on values that an API does not take, whatever they were meant to be."""
