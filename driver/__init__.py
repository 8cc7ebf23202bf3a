"""Everything that touches the world: namelists, files, time, the command line."""
