"""What this service reads from others' topics: organisations, grants and keys of the registry."""
