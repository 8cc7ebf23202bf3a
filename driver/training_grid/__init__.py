"""Training on grids: parameters of cells learned through the rivers from discharge at gauges."""
