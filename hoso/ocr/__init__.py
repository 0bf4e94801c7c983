"""Page image to words, words to searchable PDF/A, and the search over them."""
