"""Grids: cells, static fields, flow directions, gauges, and the source that gives them to a run."""
