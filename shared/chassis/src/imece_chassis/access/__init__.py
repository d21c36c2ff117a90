"""Who is calling: API keys and the local copy of credentials, grants and organisations."""
