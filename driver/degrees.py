"""Coordinates as people write them."""


def degrees(value: float, positive: str, negative: str, digits: int = 0) -> str:
    """A coordinate with its side of the Earth: -95 degrees east as '95°W'."""
    side = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(value):.{digits}f}°{side}"


def position(latitude: float, longitude: float) -> str:
    """A point on Earth to a hundredth of a degree: '44.31°N 71.59°W'."""
    return f"{degrees(latitude, 'N', 'S', 2)} {degrees(longitude, 'E', 'W', 2)}"
