"""Rivers: routers on a network of cells, their loops and adjoints, cut into pieces for threads and ranks."""
