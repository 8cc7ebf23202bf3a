"""The air over a tile-band in a sub-step, or in the mean of a step (vic.md, section 2)."""

from .bundles import Air
from .options import options
from .parameters import F, P
from .rows import forcing_row
from .saturation import saturation_pressure, saturation_pressure_adjoint
from .surface_bundles import add_air

GAS = 6.02214e26 * 1.38065e-23 / 28.966  # of dry air, J kg-1 K-1
ZERO = 273.15  # K


def humidity(temperature, pressure, vapour_pressure):
    """Vapour pressure, at most that of saturation, its deficit (Pa) and the density of the air (kg m-3)."""
    full = saturation_pressure(temperature)
    return min(vapour_pressure, full), max(full - vapour_pressure, 0.0), pressure / (GAS * (temperature + ZERO))


def humidity_adjoint(temperature, pressure, vapour_pressure, d_vapour_pressure, d_deficit, d_density):
    """Reverse of humidity; saturated air takes the side of its own vapour pressure."""
    dry = vapour_pressure <= saturation_pressure(temperature)
    d_full = d_deficit if dry else d_vapour_pressure
    warmth = 1.0 / (GAS * (temperature + ZERO))
    d_temperature = saturation_pressure_adjoint(temperature, d_full) - d_density * pressure * warmth * warmth * GAS
    return d_temperature, d_density * warmth, d_vapour_pressure - d_deficit if dry else 0.0


def air_of(forcing, parameter, k, i, j):
    """The air of sub-step k: temperature of the band, everything else of the place."""
    temperature = forcing[forcing_row(F.air_temperature, k), j]
    pressure = forcing[forcing_row(F.pressure, k), j]
    vapour, deficit, density = humidity(temperature, pressure, forcing[forcing_row(F.vapour_pressure, k), j])
    return Air(
        temperature + parameter[P.temperature_offset, i], pressure, vapour, deficit, density,
        forcing[forcing_row(F.wind, k), j], forcing[forcing_row(F.shortwave, k), j],
        forcing[forcing_row(F.longwave, k), j],
    )  # fmt: skip


def add_air_adjoint(forcing, k, i, j, d_air, share, d_forcing, d_parameter):
    """Reverse of air_of, with the weight of the sub-step."""
    temperature = forcing[forcing_row(F.air_temperature, k), j]
    pressure = forcing[forcing_row(F.pressure, k), j]
    d_temperature, d_pressure, d_vapour = humidity_adjoint(
        temperature, pressure, forcing[forcing_row(F.vapour_pressure, k), j],
        d_air.vapour_pressure, d_air.deficit, d_air.density,
    )  # fmt: skip
    d_forcing[forcing_row(F.air_temperature, k), i] += share * (d_air.temperature + d_temperature)
    d_forcing[forcing_row(F.pressure, k), i] += share * (d_air.pressure + d_pressure)
    d_forcing[forcing_row(F.vapour_pressure, k), i] += share * d_vapour
    d_forcing[forcing_row(F.wind, k), i] += share * d_air.wind
    d_forcing[forcing_row(F.shortwave, k), i] += share * d_air.shortwave
    d_forcing[forcing_row(F.longwave, k), i] += share * d_air.longwave
    d_parameter[P.temperature_offset, i] += share * d_air.temperature


def mean_air(forcing, parameter, i, j):
    """Means over the sub-steps of every quantity: the deficit is the mean of the sub-steps' own."""
    mean = air_of(forcing, parameter, 0, i, j)
    for k in range(1, options.substeps):
        mean = add_air(mean, air_of(forcing, parameter, k, i, j))
    if options.substeps > 1:
        return parts_of(mean, options.substep_count)
    return mean


def parts_of(a, count):
    """Quantity by quantity, divided."""
    return Air(
        a.temperature / count, a.pressure / count, a.vapour_pressure / count, a.deficit / count, a.density / count,
        a.wind / count, a.shortwave / count, a.longwave / count,
    )  # fmt: skip


def mean_wind(forcing, j):
    """Mean wind of the step, m s-1: what the aerodynamics of all sub-steps are made from."""
    total = forcing[forcing_row(F.wind, 0), j]
    for k in range(1, options.substeps):
        total = total + forcing[forcing_row(F.wind, k), j]
    return total / options.substep_count if options.substeps > 1 else total
