"""Rules on what refers to objects that are not there."""
