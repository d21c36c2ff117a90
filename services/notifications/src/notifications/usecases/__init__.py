"""One command per file; each reads like its line in the specification."""
