"""Middleware of all apps: the language of the screen, and drafts that a device may delete."""
