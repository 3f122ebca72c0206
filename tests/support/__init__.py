"""Makers of rows, files and people that tests of several rooms share."""
