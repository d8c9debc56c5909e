"""The HTTP interface: health, readiness and the listings. Holds no person's data."""
