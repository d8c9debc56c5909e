"""Reviews of commits: what each brought in, with its quote, and what of it stands at HEAD. Runs no code it reads."""
