"""Rules on what pods may do to their nodes, and where secrets lie."""
