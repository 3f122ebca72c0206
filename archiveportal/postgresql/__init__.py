"""The database of a server: Django's own PostgreSQL, whose connections are checked without a question."""
