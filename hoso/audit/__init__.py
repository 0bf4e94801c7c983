"""What happened and by whom, sealed in a chain."""
