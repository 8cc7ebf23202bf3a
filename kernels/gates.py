"""Gates of a long short-term memory (Hochreiter & Schmidhuber, 1997): one day of all places, and its adjoint.

Products with matrices are done elsewhere; here is what lies between them, for vectors of one place. `pre` are the four
gates before their activation, [gate, unit] in the order entry, forget, candidate, exit (that of PyTorch). They are kept
as they are and activated anew in the adjoint, which writes its result over them. In form bfloat16 they and the hidden
values are bfloat16 seen as int16; cells and all arithmetic are float32.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .bind import bind, bind_loop, bind_sweep
from .elementary import exp

FORMS = {"float32": "float32", "float64": "float64", "bfloat16": "float32"}  # and their arithmetic


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


def tanh(x):
    """Hyperbolic tangent, to the rounding of numbers near 1."""
    return 2.0 / (1.0 + exp(-2.0 * x)) - 1.0


def load(x):
    """The number itself."""
    return x


def store(x):
    """The number itself."""
    return x


def load_bfloat16(x):
    """The float32 whose upper half these bits are."""
    return np.int32(np.int32(x) << np.int32(16)).view(np.float32)


def store_bfloat16(x):
    """The nearest bfloat16, ties to even, as bits."""
    bits = np.float32(x).view(np.int32)
    odd = np.int32((bits >> np.int32(16)) & np.int32(1))
    return np.int16(np.int32(bits + np.int32(0x7FFF) + odd) >> np.int32(16))


def row(entry, forget, candidate, leave, cell, new_cell, hidden):
    """cell' = f cell + i g, hidden = o tanh(cell'); all of one place, [unit]."""
    for k in range(cell.shape[0]):
        i, f, o = sigmoid(load(entry[k])), sigmoid(load(forget[k])), sigmoid(load(leave[k]))
        c = f * cell[k] + i * tanh(load(candidate[k]))
        new_cell[k] = c
        hidden[k] = store(o * tanh(c))


def row_adjoint(entry, forget, candidate, leave, cell, new_cell, d_out, d_hidden, d_cell):
    """Replaces the gates by their gradients before activation, and d_cell by that of the day before."""
    for k in range(cell.shape[0]):
        i, f, o = sigmoid(load(entry[k])), sigmoid(load(forget[k])), sigmoid(load(leave[k]))
        g, t = tanh(load(candidate[k])), tanh(new_cell[k])
        d_h = load(d_out[k]) + load(d_hidden[k])
        # hidden = o tanh(cell')
        d_c = d_cell[k] + d_h * o * (1.0 - t * t)
        leave[k] = store(d_h * t * o * (1.0 - o))
        # cell' = f cell + i g
        entry[k] = store(d_c * g * i * (1.0 - i))
        candidate[k] = store(d_c * i * (1.0 - g * g))
        forget[k] = store(d_c * cell[k] * f * (1.0 - f))
        d_cell[k] = d_c * f


def day(pre, cells, hidden, t):
    """Day t of all places: cells and hidden [time + 1, place, unit] of t + 1; pre [time, place, 4, unit]."""
    for b in range(cells.shape[1]):
        row(
            pre[t, b, 0], pre[t, b, 1], pre[t, b, 2], pre[t, b, 3], cells[t, b], cells[t + 1, b], hidden[t + 1, b]
        )  # fmt: skip


def day_adjoint(pre, cells, d_out, d_hidden, d_cell, t):
    """Day t reversed: d_hidden and d_cell [place, unit] from the day after become those of the day before.

    d_out [time, place, unit] of hidden; one day of it holds for all.
    """
    for b in range(cells.shape[1]):
        row_adjoint(
            pre[t, b, 0], pre[t, b, 1], pre[t, b, 2], pre[t, b, 3], cells[t, b], cells[t + 1, b],
            d_out[min(t, d_out.shape[0] - 1), b], d_hidden[b], d_cell[b],
        )  # fmt: skip


def stored_as(form: str) -> dict[str, Callable]:
    """How numbers of one of FORMS are read and written."""
    return {"load": load_bfloat16, "store": store_bfloat16} if form == "bfloat16" else {"load": load, "store": store}


@cache
def compiled(form: str) -> tuple[Callable, Callable]:
    """day and day_adjoint for one of FORMS."""
    precision = FORMS[form]
    given: dict[str, Any] = {name: bind(part, None, precision) for name, part in stored_as(form).items()}
    forward = bind_sweep(row, None, precision, **given)
    reverse = bind_sweep(row_adjoint, None, precision, **given)
    return bind_loop(day, None, precision, row=forward), bind_loop(day_adjoint, None, precision, row_adjoint=reverse)
