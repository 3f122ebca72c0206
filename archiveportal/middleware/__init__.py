"""Middleware of all apps: language, content policy, drafts that a device may delete, addresses of forms."""
