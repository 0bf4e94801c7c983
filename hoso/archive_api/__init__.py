"""HTTP and pages; the only part that knows FastAPI."""
