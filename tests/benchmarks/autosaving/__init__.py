"""The processes of the benchmark `autosave`: the people, what they do, and the bare view."""
