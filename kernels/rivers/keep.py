"""States and water put aside and taken back, in loops: assigning slices of arrays takes seconds to compile."""


def keep_stores(kept, k, stores):
    """Put stores [block, row, WIDTH] aside as number k."""
    for b in range(stores.shape[0]):
        for row in range(stores.shape[1]):
            for i in range(stores.shape[2]):
                kept[k, b, row, i] = stores[b, row, i]


def recall_stores(kept, k, stores):
    """Take back the stores put aside as number k."""
    for b in range(stores.shape[0]):
        for row in range(stores.shape[1]):
            for i in range(stores.shape[2]):
                stores[b, row, i] = kept[k, b, row, i]


def keep_water(kept, k, water):
    """Put water [node] aside as number k."""
    for i in range(len(water)):
        kept[k, i] = water[i]


def recall_water(kept, k, water):
    """Take back the water put aside as number k."""
    for i in range(len(water)):
        water[i] = kept[k, i]
