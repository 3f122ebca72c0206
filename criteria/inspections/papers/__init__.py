"""What inspections print: the minutes and the sentences in them."""
