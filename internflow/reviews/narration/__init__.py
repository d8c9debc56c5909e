"""A short review of each commit in words: from facts alone, by templates; a model may reword it and is checked."""
