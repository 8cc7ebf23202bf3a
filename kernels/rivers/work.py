"""One piece at work: its arrays, the call of the compiled loops, and what the adjoint needs to know of it."""

from typing import Any

import numpy as np

from ..aligned import zeros
from ..simulate import segment_length
from . import compiled
from .piece import Piece
from .router import Router
from .sweeps import WIDTH


def to_blocks(rows: np.ndarray, piece: Piece) -> np.ndarray:
    """Values [row, own node] as [block, row, WIDTH]; what pads the last block repeats the last node."""
    blocks = zeros((piece.blocks, len(rows), WIDTH), rows.dtype)
    places = np.arange(piece.padded)
    nodes = piece.nodes[np.minimum(places, len(piece.nodes) - 1)]
    blocks[...] = rows[:, nodes].reshape(len(rows), piece.blocks, WIDTH).transpose(1, 0, 2)
    return blocks


def from_blocks(blocks: np.ndarray, piece: Piece, rows: np.ndarray) -> None:
    """Put values [block, row, WIDTH] into rows [row, own node]."""
    flat = blocks.transpose(1, 0, 2).reshape(len(rows), -1)
    rows[:, piece.nodes] = flat[:, : len(piece.nodes)]


class Water:
    """Water of the piece, m3: flat, with room for ghosts behind the nodes, and the same memory in blocks."""

    def __init__(self, piece: Piece, dtype: Any, parts: int = 0):
        shape = (parts,) if parts else ()
        self.flat = zeros((*shape, piece.padded + (0 if parts else len(piece.ghosts) + 1)), dtype)
        self.blocks = self.flat[..., : piece.padded].reshape(*shape, piece.blocks, WIDTH)


class Window:
    """A piece stepped through the steps of one call."""

    def __init__(self, router: Router, piece: Piece, coefficients: np.ndarray, call: Any, keep: bool):
        self.router, self.piece, self.coefficients, self.call, self.keep = router, piece, coefficients, call, keep
        self.segment = segment_length(call.steps)
        kept = -(-call.steps // self.segment) if keep else 0
        self.saved = zeros((kept, piece.blocks, router.reach_states, WIDTH), call.dtype)
        self.saved_transit = zeros((kept if router.delayed else 0, piece.padded), call.dtype)

    def forward(
        self, lateral: np.ndarray, state: np.ndarray, series: np.ndarray, discharge: np.ndarray, final: np.ndarray
    ) -> None:
        """All steps; discharge and final state of the piece's nodes are set, and its links in series."""
        piece, call, router = self.piece, self.call, self.router
        kind = call.dtype.type
        blocks = to_blocks(state, piece)
        stores = np.ascontiguousarray(blocks[:, : router.reach_states])
        arrived, local, flow = (Water(piece, call.dtype) for _ in range(3))
        if router.delayed:
            arrived.flat[: len(piece.nodes)] = state[-1, piece.nodes]
        compiled.forward(router, call.dtype.name)(
            lateral, piece.nodes, self.coefficients, piece.start, piece.upstream, piece.levels, piece.ends,
            piece.ghosts, piece.links, piece.sources, stores, arrived.flat[: piece.padded], arrived.blocks, local.flat,
            local.blocks, flow.flat, flow.blocks, np.zeros(piece.padded, call.dtype), series, discharge, self.saved,
            self.saved_transit, self.keep, self.segment, call.substeps, kind(call.seconds), kind(call.per_second),
        )  # fmt: skip
        from_blocks(stores, piece, final[: router.reach_states])
        if router.delayed:
            final[-1, piece.nodes] = arrived.flat[: len(piece.nodes)]


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
        arrived, local, flow, d_transit, d_flow, d_local = (Water(piece, call.dtype) for _ in range(6))
        if router.delayed:
            d_transit.flat[: len(piece.nodes)] = d_state[-1, piece.nodes]
        parts = Water(piece, call.dtype, call.substeps)
        days_transit = zeros((window.segment if router.delayed else 0, piece.padded), call.dtype)
        compiled.adjoint(router, call.dtype.name)(
            lateral, piece.nodes, window.coefficients, piece.start, piece.upstream, piece.down, piece.levels,
            piece.ends, piece.ghosts, piece.ghost_down, piece.links, piece.sources, window.saved, window.saved_transit,
            window.segment, call.substeps, kind(call.seconds), kind(call.per_second), series, d_series, d_discharge,
            gradient.lateral, d_made, d_stores, d_transit.flat[: piece.padded], d_transit.blocks,
            zeros((window.segment, *stores), call.dtype), days_transit, zeros((call.substeps, *stores), call.dtype),
            parts.flat, parts.blocks, zeros(stores, call.dtype), arrived.flat[: piece.padded], arrived.blocks,
            local.flat, local.blocks, flow.flat, flow.blocks, np.zeros(piece.padded, call.dtype),
            np.zeros(piece.padded, call.dtype), np.zeros(piece.padded, call.dtype), d_flow.flat, d_flow.blocks,
            d_local.flat, d_local.blocks,
        )  # fmt: skip
        from_blocks(d_stores, piece, gradient.state[: router.reach_states])
        from_blocks(d_made, piece, d_coefficients)
        if router.delayed:
            gradient.state[-1, piece.nodes] = d_transit.flat[: len(piece.nodes)]
