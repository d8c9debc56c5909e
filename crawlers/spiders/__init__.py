"""Spiders: one for each platform, all of them the board spider with another parser."""
