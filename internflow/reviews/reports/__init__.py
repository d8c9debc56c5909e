"""A review on paper: one record of what was reviewed and found, rendered as text, Markdown or SARIF. Pure."""
