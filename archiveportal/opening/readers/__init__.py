"""What runs in the limited process: one module for each kind of file, each with a function `read`.

`read(content, arguments)` returns facts for JSON and bytes, or raises `CannotOpen`. Nothing here
imports Django or anything of the portal outside this package.
"""
