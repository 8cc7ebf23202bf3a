"""Priority-flood: the order in which rising water, let in at the sea, would reach the cells of a grid; compiled.

Barnes et al. (2014, Computers & Geosciences 62). Each cell but the ends has a neighbour that was reached before it and
lies no higher once depressions are filled: following such neighbours never comes to a loop.
"""

import heapq

import numpy as np

from ...kernels.network.compiled import compiled


@compiled
def flood(height, ends, land):
    """Filled height float64 [y, x] and rank int64 [y, x] by which land cells are reached; -1 elsewhere.

    height [y, x] m; ends [y, x] bool: where water leaves; land [y, x] bool: cells that drain, ends among them. Columns
    wrap around. Cells that no end can reach keep the rank -1. Of equal heights, the cell with the lower number comes
    first.
    """
    rows, columns = height.shape
    filled = height.copy()
    rank = np.full((rows, columns), -1, np.int64)
    seen = np.zeros((rows, columns), np.bool_)
    heap = [(0.0, 0)]
    heap.pop()
    for y in range(rows):
        for x in range(columns):
            if ends[y, x]:
                seen[y, x] = True
                heapq.heappush(heap, (filled[y, x], y * columns + x))
    reached = 0
    while len(heap) > 0:
        level, cell = heapq.heappop(heap)
        y, x = cell // columns, cell % columns
        rank[y, x] = reached
        reached += 1
        for step in range(9):
            j, i = y + step // 3 - 1, (x + step % 3 - 1) % columns
            if 0 <= j < rows and land[j, i] and not seen[j, i]:
                seen[j, i] = True
                filled[j, i] = max(filled[j, i], level)
                heapq.heappush(heap, (filled[j, i], j * columns + i))
    return filled, rank


@compiled
def steepest(filled, rank, across, down, along):
    """Number of the neighbour into which each cell drains, int64 [y, x]: its own at ends, -1 where rank is.

    Of the neighbours reached before, the one with the steepest way down; on flat ground the first one reached.
    across [y], down, along [y] m: ways to the next cell in a row, in a column, and across a corner.
    """
    rows, columns = filled.shape
    result = np.full((rows, columns), -1, np.int64)
    for y in range(rows):
        for x in range(columns):
            if rank[y, x] < 0:
                continue
            best, first = 0.0, rank[y, x]
            result[y, x] = y * columns + x
            for step in range(9):
                j, i = y + step // 3 - 1, (x + step % 3 - 1) % columns
                if j < 0 or j >= rows or rank[j, i] < 0 or rank[j, i] >= rank[y, x]:
                    continue
                way = across[y] if j == y else (down if i == x else along[y])
                slope = (filled[y, x] - filled[j, i]) / way
                if slope > best or (best == 0.0 and rank[j, i] < first):
                    best, first = slope, rank[j, i]
                    result[y, x] = j * columns + i
    return result


@compiled
def gathered(downstream, rank, values):
    """Sum of the values [y, x] of all cells that drain through each cell, its own among them; 0 where rank is -1."""
    flat, place = downstream.ravel(), rank.ravel()
    order = np.full(flat.size, -1, np.int64)
    for cell in range(flat.size):
        if place[cell] >= 0:
            order[place[cell]] = cell
    total = np.zeros(flat.size)
    for turn in range(flat.size - 1, -1, -1):
        cell = order[turn]
        if cell >= 0:
            total[cell] += values.ravel()[cell]
            if flat[cell] != cell:
                total[flat[cell]] += total[cell]
    return total.reshape(downstream.shape)


@compiled
def ponds(water, area, least):
    """Cells of waters that cover less than `least`, bool [y, x]; water [y, x] bool, area [y, x] in the same unit.

    A water hangs together by its sides and corners; columns wrap around.
    """
    rows, columns = water.shape
    result = np.zeros((rows, columns), np.bool_)
    left = water.copy()
    found = np.empty(rows * columns, np.int64)
    for start in range(rows * columns):
        if not left[start // columns, start % columns]:
            continue
        left[start // columns, start % columns] = False
        found[0], count, done, covered = start, 1, 0, 0.0
        while done < count:
            y, x = found[done] // columns, found[done] % columns
            done += 1
            covered += area[y, x]
            for step in range(9):
                j, i = y + step // 3 - 1, (x + step % 3 - 1) % columns
                if 0 <= j < rows and left[j, i]:
                    left[j, i] = False
                    found[count] = j * columns + i
                    count += 1
        if covered < least:
            for n in range(count):
                result[found[n] // columns, found[n] % columns] = True
    return result


@compiled
def bottoms(height, filled, deep, area, least):
    """The lowest cell of every pool of deep cells that are filled to one level and cover at least so much, bool [y, x].

    deep [y, x] bool; area [y, x] and least in the same unit. Columns wrap around.
    """
    rows, columns = height.shape
    result = np.zeros((rows, columns), np.bool_)
    left = deep.copy()
    stack = np.empty(rows * columns, np.int64)
    for start in range(rows * columns):
        if not left[start // columns, start % columns]:
            continue
        level = filled[start // columns, start % columns]
        left[start // columns, start % columns] = False
        stack[0], count, covered, lowest = start, 1, 0.0, start
        while count > 0:
            count -= 1
            cell = stack[count]
            y, x = cell // columns, cell % columns
            covered += area[y, x]
            if height[y, x] < height[lowest // columns, lowest % columns]:
                lowest = cell
            for step in range(9):
                j, i = y + step // 3 - 1, (x + step % 3 - 1) % columns
                if 0 <= j < rows and left[j, i] and filled[j, i] == level:
                    left[j, i] = False
                    stack[count] = j * columns + i
                    count += 1
        if covered >= least:
            result[lowest // columns, lowest % columns] = True
    return result
