"""Files of other people, opened in a process of its own with little memory and time."""
