"""Ways in for scans, the batch, and the split of a stack into components."""
