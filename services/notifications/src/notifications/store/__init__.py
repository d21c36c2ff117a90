"""SQL of the service, rows ↔ domain, and the encryption of what must not be readable in a dump."""
