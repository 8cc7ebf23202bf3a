"""The doors of gridded weather: ISIMIP/W5E5/WFDE5, ERA5, HydroPy's own forcing, and whatever else follows CF."""

from .reader import Reader
from .weather import Weather, open_weather

__all__ = ["Reader", "Weather", "open_weather"]
