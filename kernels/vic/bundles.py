"""What belongs together: tuples of scalars that processes hand to each other. A gradient has the type of its bundle."""

from collections import namedtuple

# temperature degC (the band's), pressure and vapour pressure Pa (the cell's), deficit: of the vapour pressure, Pa,
# density kg m-3, wind m s-1 at the reference height, shortwave and longwave: incoming, W m-2
Air = namedtuple("Air", "temperature pressure vapour_pressure deficit density wind shortwave longwave")
