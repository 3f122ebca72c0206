"""What each request passes: the language of the screen and what a device may let go of."""
