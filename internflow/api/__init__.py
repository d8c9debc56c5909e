"""The HTTP interface: health, readiness, the listings and feeds of them. Holds no person's data."""
