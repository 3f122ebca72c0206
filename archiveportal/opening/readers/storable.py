"""Text out of a file of somebody else, as a database can store it."""


def storable(text: str) -> str:
    """Leave out what PostgreSQL refuses in JSON: noughts, and halves of characters that stand alone."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
