"""Files opened safely and turned into page images."""
