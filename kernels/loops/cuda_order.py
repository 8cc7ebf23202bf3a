"""An order of cells on a GPU: those first whose state says that they take other branches (in VIC: that have snow).

The threads of a warp take every branch that one of them takes, so cells with snow are best stepped together. Within
both groups cells keep their order, so that neighbours still lie side by side in memory; no atomic operations, so the
order is always the same.
"""

from numba import cuda

CHUNK = 256  # cells that one thread counts and places


def count(state, row, counts):
    """counts [chunk]: cells of each chunk whose state in that row is above 0."""
    chunk = cuda.grid(1)
    if chunk < counts.shape[0]:
        found = 0
        for cell in range(chunk * CHUNK, min((chunk + 1) * CHUNK, state.shape[1])):
            if state[row, cell] > 0.0:
                found += 1
        counts[chunk] = found


def arrange(state, row, counts, order):
    """order [cell]: all cells above 0, then the others."""
    chunk = cuda.grid(1)
    if chunk < counts.shape[0]:
        above = 0
        total = 0
        for other in range(counts.shape[0]):
            if other == chunk:
                above = total
            total += counts[other]
        others = total + chunk * CHUNK - above
        for cell in range(chunk * CHUNK, min((chunk + 1) * CHUNK, state.shape[1])):
            if state[row, cell] > 0.0:
                order[above] = cell
                above += 1
            else:
                order[others] = cell
                others += 1
