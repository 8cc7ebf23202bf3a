"""freshet: a global hydrological model that can be trained."""

__version__ = "0.1.0"
