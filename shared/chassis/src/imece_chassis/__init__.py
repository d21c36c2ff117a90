"""Plumbing shared by every service: HTTP edge, idempotency, outbox, relay, consumers. No business word."""
