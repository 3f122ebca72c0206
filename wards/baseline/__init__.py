"""The units that the portal knows from the start: those of report 5355/BC-SNV, and the City's own lists."""

from wards.baseline.city import CityLoad
from wards.baseline.pilots import load as load_pilots

__all__ = ["CityLoad", "load", "load_city", "load_pilots"]


def load_city() -> CityLoad:
    """Load the units of the City from 2019 to today, after those of the report."""
    load = CityLoad()
    load.run()
    return load


def load() -> CityLoad:
    load_pilots()
    return load_city()
