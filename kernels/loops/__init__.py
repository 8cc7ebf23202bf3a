"""All loops over time and cells, once for all models."""
