"""The optional language model: what it is asked, and what of its answer can be checked and is kept."""
