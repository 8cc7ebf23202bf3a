"""The physics: declarations, processes with their adjoints, and the loops over time and cells."""
