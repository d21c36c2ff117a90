"""Forward-only SQL of the schemas pii and notify."""
