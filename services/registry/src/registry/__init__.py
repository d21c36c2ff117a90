"""The registry: who the organisations are, which programs act for them, and what each may do."""
