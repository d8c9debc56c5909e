"""Matching: a student's profile from own evidence, scores of open listings, and their checkable reasons."""
