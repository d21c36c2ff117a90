"""One command per file: rights, locks, pure decision, rows, event, audit link, in one transaction."""
