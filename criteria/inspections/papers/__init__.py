"""The printed minutes, and texts about a round for letters."""
