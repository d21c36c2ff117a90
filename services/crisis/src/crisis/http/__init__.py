"""One file per resource: shape, authenticate, call one use case. No SQL, no transactions of its own."""
