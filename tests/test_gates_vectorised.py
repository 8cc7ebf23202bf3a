"""What lies between the matrix products of an LSTM is vector code, forward and reversed, in every form."""

import platform

import pytest
from freshet.kernels import gates, rectified
from freshet.kernels.bind import bind, bind_sweep
from numba import types

from test_vectorised import arithmetic, is_vectorised

pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="needs an x86 processor: reads its machine code"
)
each_form = pytest.mark.parametrize("form", list(gates.FORMS))


def compiled_row(function, form, text):
    """Compiled for vectors of numbers (n), vectors as they are stored (s) and single numbers (1), in this order."""
    number = getattr(types, gates.FORMS[form])
    stored = types.int16 if form == "bfloat16" else number
    kinds = {"n": types.Array(number, 1, "C"), "s": types.Array(stored, 1, "C"), "1": number}
    asked = function.__code__.co_names
    given = {
        name: bind(part, None, gates.FORMS[form]) for name, part in gates.stored_as(form).items() if name in asked
    }  # fmt: skip
    dispatcher = bind_sweep(function, None, gates.FORMS[form], **given)
    dispatcher.compile(tuple(kinds[letter] for letter in text))
    return dispatcher


@each_form
def test_the_gates_are_vector_code(form):
    count = arithmetic(compiled_row(gates.row, form, "ssssnns"))
    assert is_vectorised(count), count


@each_form
def test_the_reversed_gates_are_vector_code(form):
    count = arithmetic(compiled_row(gates.row_adjoint, form, "ssssnnssn"))
    assert is_vectorised(count), count


@each_form
def test_the_first_layer_is_vector_code(form):
    forward = compiled_row(rectified.row, form, "111nnnns")
    reverse = compiled_row(rectified.row_adjoint, form, "111ssnnnn")
    for dispatcher in (forward, reverse):
        code = next(iter(dispatcher.inspect_llvm().values()))
        assert "vector.body" in code
        assert arithmetic(dispatcher)["wide"] >= 4
