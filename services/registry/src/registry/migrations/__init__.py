"""Numbered forward-only SQL files of the registry's own tables."""
