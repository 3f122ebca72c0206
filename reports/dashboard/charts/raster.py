"""A drawing in dots, for programs that take no SVG. Its letters come with the portal, not from the server."""

from __future__ import annotations

import font_roboto
import resvg_py

#: the width of a slide
WIDTH = 1600


def png(svg: str) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            skip_system_fonts=True,
            font_files=[font_roboto.Roboto, font_roboto.RobotoBold, font_roboto.RobotoItalic],
            font_family="Roboto",
            sans_serif_family="Roboto",
        )
    )
