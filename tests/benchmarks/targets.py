"""A target of speed or size: a ratio, and the bound that it keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    name: str
    ratio: float
    most: float | None = None
    least: float | None = None
    detail: str = ""

    @property
    def is_met(self) -> bool:
        return (self.most is None or self.ratio <= self.most) and (self.least is None or self.ratio >= self.least)

    def __str__(self) -> str:
        bound = f"at most {self.most:g}" if self.most is not None else f"at least {self.least:g}"
        return f"{'PASS' if self.is_met else 'FAIL'}  {self.ratio:6.2f}  ({bound})  {self.name}  [{self.detail}]"
