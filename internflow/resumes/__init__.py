"""Resumes: evidence from a student's own commits, bullets that cite it, the document, its one page."""
