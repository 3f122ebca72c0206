"""Word files that people upload as templates: read without trusting them, filled in, put right."""
