"""How each role begins: two printable pages with pictures of the portal itself."""
