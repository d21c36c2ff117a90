"""Forward-only SQL of the write side; the chassis tables come before."""
