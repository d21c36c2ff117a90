"""One command per file: lock, decide, save, publish, remember; all in the caller's one transaction."""
