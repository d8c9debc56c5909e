"""Puts a review where its code is hosted: one check run or one comment on GitHub, updated in place. Off by default."""
