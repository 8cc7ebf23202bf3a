"""What a run writes: streams of records, on grids, in basins and at gauges, in one file or one per process."""
