"""A linear layer with ReLU of three inputs that vary and an offset that does not, and its adjoint, days at once.

The first layer of a network that sees daily weather beside what never changes. Inputs, weights and offset are float32
or float64; what comes out has one of the forms of kernels/gates.py.
"""

from collections.abc import Callable
from functools import cache

from .bind import bind, bind_loop, bind_sweep
from .gates import FORMS, load, store, stored_as


def row(first, second, third, weights_first, weights_second, weights_third, same, out):
    """out = max(0, same + x1 w1 + x2 w2 + x3 w3) of one place, [unit]."""
    for k in range(same.shape[0]):
        out[k] = store(
            max(same[k] + first * weights_first[k] + second * weights_second[k] + third * weights_third[k], 0.0)
        )


def row_adjoint(first, second, third, out, d_out, d_first, d_second, d_third, d_same):
    """Adds to the gradients of the weights and of the offset; where out is 0 there is none."""
    for k in range(d_same.shape[0]):
        d = load(d_out[k]) if load(out[k]) > 0.0 else 0.0
        d_same[k] += d
        d_first[k] += first * d
        d_second[k] += second * d
        d_third[k] += third * d


def days(inputs, weights, same, start, out):
    """out [time, place, unit] of inputs [time, place, 3] from day `start` on, weights [3, unit], same [place, unit]."""
    for t in range(out.shape[0]):
        for b in range(out.shape[1]):
            x = inputs[start + t, b]
            row(x[0], x[1], x[2], weights[0], weights[1], weights[2], same[b], out[t, b])


def days_adjoint(inputs, start, out, d_out, d_weights, d_same):
    """days reversed: adds to d_weights [3, unit] and d_same [place, unit]; the inputs get no gradient."""
    for t in range(out.shape[0]):
        for b in range(out.shape[1]):
            x = inputs[start + t, b]
            row_adjoint(
                x[0], x[1], x[2], out[t, b], d_out[t, b], d_weights[0], d_weights[1], d_weights[2], d_same[b]
            )  # fmt: skip


@cache
def compiled(form: str) -> tuple[Callable, Callable]:
    """days and days_adjoint for one of FORMS."""
    precision = FORMS[form]
    given = {name: bind(part, None, precision) for name, part in stored_as(form).items()}
    forward = bind_sweep(row, None, precision, store=given["store"])
    reverse = bind_sweep(row_adjoint, None, precision, load=given["load"])
    return bind_loop(days, None, precision, row=forward), bind_loop(days_adjoint, None, precision, row_adjoint=reverse)
