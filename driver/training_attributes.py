"""Which basin attributes a network may see: what describes the basin, never what was measured of its streamflow."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch

import numpy as np

from .errors import ConfigurationError
from .nearest import suggestion

# Signatures of observed streamflow, and counts of it: a network that sees them has seen the answer.
STREAMFLOW = (
    "q_mean", "q5", "q95", "runoff_ratio*", "baseflow_index*", "slope_fdc", "stream_elas", "hfd_mean",
    "high_q_*", "low_q_*", "zero_q_*", "*dis_m3_*", "*run_mm_*", "*valid_streamflow*", "*discharge*", "*streamflow*",
)  # fmt: skip
# Facts about the data, or names and numbers of places, which say nothing that holds in another basin.
NO_DESCRIPTION = (
    "qc_flag", "test_subset", "latitude", "longitude", "gauge_*", "*_id", "huc_*", "country", "*area_fraction_used*",
    "name", "station*",
)  # fmt: skip
# Those of δHBV on CAMELS-US (Feng et al., 2022); the data set spells porosity 'porostiy'.
CAMELS = (
    "p_mean", "pet_mean", "p_seasonality", "frac_snow", "aridity", "high_prec_freq", "high_prec_dur", "low_prec_freq",
    "low_prec_dur", "elev_mean", "slope_mean", "area_gages2", "frac_forest", "lai_max", "lai_diff", "gvf_max",
    "gvf_diff", "dom_land_cover", "dom_land_cover_frac", "root_depth_50", "soil_depth_pelletier", "soil_depth_statsgo",
    "soil_porosity", "soil_conductivity", "max_water_content", "sand_frac", "silt_frac", "clay_frac", "geol_1st_class",
    "glim_1st_class_frac", "geol_2nd_class", "glim_2nd_class_frac", "carbonate_rocks_frac", "geol_porostiy",
    "geol_porosity", "geol_permeability",
)  # fmt: skip
# Climate of the forcing itself, as Caravan computes it, and its HydroATLAS columns of the same kind as those above.
CARAVAN = (
    "p_mean", "pet_mean", "aridity", "frac_snow", "moisture_index", "seasonality", "high_prec_freq", "high_prec_dur",
    "low_prec_freq", "low_prec_dur",
)  # fmt: skip
HYDROATLAS = (
    "ele_mt_sav", "slp_dg_sav", "sgr_dk_sav", "tmp_dc_syr", "pre_mm_syr", "pet_mm_syr", "ari_ix_sav", "cmi_ix_syr",
    "snw_pc_syr", "for_pc_sse", "crp_pc_sse", "pst_pc_sse", "gla_pc_sse", "prm_pc_sse", "wet_pc_sg1", "lka_pc_sse",
    "urb_pc_sse", "kar_pc_sse", "cly_pc_sav", "slt_pc_sav", "snd_pc_sav", "soc_th_sav", "swc_pc_syr", "gwt_cm_sav",
    "ero_kh_sav",
)  # fmt: skip
ENOUGH = 20  # CAMELS attributes from which HydroATLAS is not needed


def choose(asked: Sequence[str], attributes: Mapping[str, np.ndarray], where: str) -> tuple[list[str], list[str]]:
    """Names of the attributes for the network, and warnings.

    asked   names from the namelist; empty takes the known names of CAMELS, Caravan and HydroATLAS that the data have,
            or, where there are hardly any, all that describe the basin
    where   the namelist, for messages

    ConfigurationError where a name asked for does not exist, tells of streamflow, or never varies; or none is left.
    """
    if asked:
        _require(asked, attributes, where)
        return list(asked), []
    names = [name for name in _known(attributes) if _varies(attributes[name])]
    warnings: list[str] = []
    if len(names) < 3:
        names, warnings = _describing(attributes)
    if not names:
        raise ConfigurationError(
            f"{where}: &data attributes: the data have no basin attributes for a network: name some, or train with "
            "kind = 'single' or 'basin' in &network"
        )
    return names, warnings


def is_streamflow(name: str) -> bool:
    """Whether an attribute tells of observed streamflow."""
    return any(fnmatch(name.lower(), pattern) for pattern in STREAMFLOW)


def _require(asked: Sequence[str], attributes: Mapping[str, np.ndarray], where: str) -> None:
    for name in asked:
        if name not in attributes:
            raise ConfigurationError(f"{where}: &data attributes: no attribute '{name}'{suggestion(name, attributes)}")
    seen = [name for name in asked if is_streamflow(name)]
    if seen:
        raise ConfigurationError(
            f"{where}: &data attributes: {', '.join(seen)} is computed from observed streamflow, which the network is "
            "to be tested on: leave it out"
        )


def _known(attributes: Mapping[str, np.ndarray]) -> list[str]:
    """The names of the published lists that are there, each once."""
    camels = [name for name in CAMELS if name in attributes]
    more = [*CARAVAN, *(f"caravan_{name}" for name in CARAVAN)]
    if len(camels) < ENOUGH:
        more += [*HYDROATLAS, *(f"hydroatlas_{name}" for name in HYDROATLAS)]
    return list(dict.fromkeys([*camels, *(name for name in more if name in attributes)]))


def _describing(attributes: Mapping[str, np.ndarray]) -> tuple[list[str], list[str]]:
    """Everything that varies and is no streamflow, name or flag."""
    dropped = [name for name in attributes if is_streamflow(name)]
    names = [
        name
        for name, values in attributes.items()
        if name not in dropped
        and not any(fnmatch(name.lower(), pattern) for pattern in NO_DESCRIPTION)
        and _varies(values)
    ]
    told = [f"attributes that tell of streamflow are left out: {', '.join(dropped)}"] if dropped else []
    return names, told


def _varies(values: np.ndarray) -> bool:
    """Whether an attribute has two values at least, and is no name that every basin has for itself."""
    if values.dtype.kind in "OUST":
        return 1 < len(set(values.tolist())) <= max(2, len(values) // 2)
    known = values[np.isfinite(values.astype(float))]
    return len(known) > 0 and (len(values) == 1 or bool((known != known[0]).any()))
