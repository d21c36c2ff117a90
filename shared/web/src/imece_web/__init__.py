"""What pages of all services share: frame, design tokens, catalogues, hashed static files, security headers.

A page is complete HTML from the server; everything here serves that, and nothing here knows a service.
"""
