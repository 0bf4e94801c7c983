"""That what was taken in is still there in twenty years: checks, repairs, backups, exports."""
