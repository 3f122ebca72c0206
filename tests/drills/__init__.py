"""Faults on purpose: run by `make drill`, outside `make test`.

A drill is a module with `main`, named in `__main__`; it prints what it measured and raises when
something does not hold. `portal.py` and `people.py` have what drills share; `inside.py` runs within
the portal.
"""
