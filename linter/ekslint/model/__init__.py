"""What the user declared, in the field's own words, whatever the dialect it was written in."""
