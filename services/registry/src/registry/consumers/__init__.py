"""Topics the registry reads. It reads none yet: everything here is decided by its own commands."""
