"""One piece at work: its arrays, the call of the compiled loops, and what the adjoint needs to know of it."""

from typing import Any

import numpy as np

from ..aligned import zeros
from . import compiled
from .piece import Piece
from .router import Router
from .sweeps import WIDTH

LONGEST = 32  # steps between two kept states at most


def to_blocks(rows: np.ndarray, piece: Piece) -> np.ndarray:
    """Values [row, own node] as [block, row, WIDTH]; places between the nodes repeat the last node."""
    blocks = zeros((piece.blocks, len(rows), WIDTH), rows.dtype)
    nodes = np.full(piece.padded, piece.nodes[-1])
    nodes[piece.places] = piece.nodes
    blocks[...] = rows[:, nodes].reshape(len(rows), piece.blocks, WIDTH).transpose(1, 0, 2)
    return blocks


def from_blocks(blocks: np.ndarray, piece: Piece, rows: np.ndarray) -> None:
    """Put values [block, row, WIDTH] into rows [row, own node]."""
    flat = blocks.transpose(1, 0, 2).reshape(len(rows), -1)
    rows[:, piece.nodes] = flat[:, piece.places]


def segment_length(router: Router, steps: int, substeps: int) -> int:
    """Steps between two kept states: as many as need the least memory for these and for the replay of a segment."""
    replayed = substeps * (1 + (0 if router.linear else router.reach_states))
    return max(1, min(LONGEST, round((steps * len(router.states) / replayed) ** 0.5)))


class Water:
    """Water of the piece, m3: flat, with room for ghosts behind the nodes, and the same memory in blocks."""

    def __init__(self, piece: Piece, dtype: Any, parts: int = 0):
        shape = (parts,) if parts else ()
        self.flat = zeros((*shape, piece.padded if parts else piece.room), dtype)
        self.blocks = self.flat[..., : piece.padded].reshape(*shape, piece.blocks, WIDTH)


class Window:
    """A piece stepped through the steps of one call."""

    def __init__(self, router: Router, piece: Piece, coefficients: np.ndarray, call: Any, keep: bool):
        self.router, self.piece, self.coefficients, self.call, self.keep = router, piece, coefficients, call, keep
        self.segment = segment_length(router, call.steps, call.substeps)
        kept = -(-call.steps // self.segment) if keep else 0
        self.saved = zeros((kept, piece.blocks, router.reach_states, WIDTH), call.dtype)
        self.saved_transit = zeros((kept if router.delayed else 0, piece.padded), call.dtype)

    def forward(
        self, lateral: np.ndarray, state: np.ndarray, series: np.ndarray, discharge: np.ndarray, final: np.ndarray
    ) -> None:
        """All steps; discharge and final state of the piece's nodes are set, and its links in series."""
        piece, call, router = self.piece, self.call, self.router
        kind = call.dtype.type
        stores = np.ascontiguousarray(to_blocks(state, piece)[:, : router.reach_states])
        arrived, local, flow = (Water(piece, call.dtype) for _ in range(3))
        if router.delayed:
            arrived.flat[piece.places] = state[-1, piece.nodes]
        compiled.forward(router, call.dtype.name)(
            lateral, piece.nodes, piece.places, self.coefficients, piece.above, piece.heads, piece.levels, piece.ends,
            piece.ghosts, piece.links, piece.sources, stores, arrived.flat[: piece.padded], arrived.blocks, local.flat,
            local.blocks, flow.flat, flow.blocks, np.zeros(piece.padded, call.dtype), series, discharge, self.saved,
            self.saved_transit, self.keep, self.segment, call.substeps, kind(call.seconds), kind(call.per_second),
        )  # fmt: skip
        from_blocks(stores, piece, final[: router.reach_states])
        if router.delayed:
            final[-1, piece.nodes] = arrived.flat[piece.places]


class Reverse:
    """A piece stepped backwards through the steps of one call."""

    def __init__(self, window: Window, call: Any):
        self.window, self.call = window, call

    def backward(
        self, lateral: np.ndarray, d_discharge: np.ndarray, d_state: np.ndarray, series: np.ndarray,
        d_series: np.ndarray, gradient: Any, d_coefficients: np.ndarray,
    ) -> None:  # fmt: skip
        """All steps; gradients of the piece's nodes are set, and those of its ghosts in d_series."""
        window, call = self.window, self.call
        piece, router, kind = window.piece, window.router, call.dtype.type
        stores = (piece.blocks, router.reach_states, WIDTH)
        d_stores = np.ascontiguousarray(to_blocks(d_state, piece)[:, : router.reach_states])
        d_made = zeros((piece.blocks, len(router.coefficients), WIDTH), call.dtype)
        local, flow, d_transit, d_flow, d_local = (Water(piece, call.dtype) for _ in range(5))
        if router.delayed:
            d_transit.flat[piece.places] = d_state[-1, piece.nodes]
        replayed = window.segment * call.substeps
        arrived = Water(piece, call.dtype, replayed + 1)
        compiled.adjoint(router, call.dtype.name)(
            lateral, piece.nodes, piece.places, window.coefficients, piece.above, piece.heads, piece.down, piece.levels,
            piece.ends, piece.ghosts, piece.ghost_down, piece.links, window.saved, window.saved_transit,
            window.segment, call.substeps, kind(call.seconds), kind(call.per_second), series, d_series, d_discharge,
            gradient.lateral, d_made, d_stores, d_transit.flat, d_transit.blocks, zeros(stores, call.dtype),
            zeros((1 if router.linear else replayed, *stores), call.dtype), arrived.flat, arrived.blocks, local.flat,
            local.blocks, flow.flat, flow.blocks, np.zeros(piece.padded, call.dtype),
            np.zeros(piece.padded, call.dtype), d_flow.flat, d_flow.blocks, d_local.flat, d_local.blocks,
        )  # fmt: skip
        from_blocks(d_stores, piece, gradient.state[: router.reach_states])
        from_blocks(d_made, piece, d_coefficients)
        if router.delayed:
            gradient.state[-1, piece.nodes] = d_transit.flat[piece.places]
