"""Faults on purpose: run by `make drill`, outside `make test`.

Each module of this folder has `main`, which raises or returns when it is done.
"""
