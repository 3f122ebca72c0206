"""The printed minutes and the sentences in them."""
