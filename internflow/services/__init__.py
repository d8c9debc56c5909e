"""InternFlow's own processes on one machine: starting, watching, stopping and examining them."""
