"""VIC's own files: parameters, forcing, states and global parameter file of VIC 5, read as they are."""
