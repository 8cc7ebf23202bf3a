"""The river network as arrays: flow directions, the canonical order, cuts between ranks, sums along the rivers."""
