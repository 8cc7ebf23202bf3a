"""Doors for catchment data."""
