"""The embedded planet: a small Earth-like world with rivers and weather, from a seed and nothing else."""
