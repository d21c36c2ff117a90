"""Crises, needs, offers and allocations: one ledger decides, events tell."""
