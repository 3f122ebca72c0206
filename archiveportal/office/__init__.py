"""The office that issues papers: its name, symbol and heads, and who signs which paper, by days."""
