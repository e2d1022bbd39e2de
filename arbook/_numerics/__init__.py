"""Numbers and arguments: what the other folders calculate and check with."""
