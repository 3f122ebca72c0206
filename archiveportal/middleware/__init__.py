"""Middleware of all apps: the language of the screen, drafts that a device may delete, addresses of forms."""
