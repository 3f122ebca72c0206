"""A round in pictures, drawn once for page, SVG and PNG."""
