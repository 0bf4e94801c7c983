"""Objects kept under their own hash."""
