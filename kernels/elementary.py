"""exp, log, their forms near 1, and power: polynomials that compile to vector code, the same on CPU and GPU.

No vector math library is used by Numba's LLVM, so a call into libm would make every loop scalar. The generic names work
on Python numbers (and on the dual numbers of the tests); kernels/bind.py replaces them by the variant of its precision,
or, in forms that are exact, by libm's: VIC branches on the last bit.
Relative error: float32 3e-7 (log, exp, log1p, expm1), 4e-6 (power, for |y log x| < 60); float64 4e-16 and 1e-14.
"""

import math

import numpy as np

# Under names of their own: kernels/bind.py exchanges whatever is called sqrt, log or exp.
instruction, libm_log, libm_exp = math.sqrt, math.log, math.exp


def log(x):
    """Natural logarithm of x > 0."""
    return x.log() if hasattr(x, "log") else math.log(x)


def exp(x):
    """Exponential of x."""
    return x.exp() if hasattr(x, "exp") else math.exp(x)


def log_exact(x):
    """Natural logarithm of x > 0 by libm."""
    return libm_log(x)


def exp_exact(x):
    """Exponential of x, clipped to [-708, 709], by libm."""
    return libm_exp(min(max(x, -708.0), 709.0))


def sqrt(x):
    """Square root of x >= 0."""
    return x.sqrt() if hasattr(x, "sqrt") else math.sqrt(x)


def sqrt_float32(x):
    """Square root in float32: one instruction."""
    return instruction(x)


def sqrt_float64(x):
    """Square root in float64."""
    return instruction(x)


def log1p(x):
    """Logarithm of 1 + x for x > -1, accurate near 0."""
    return x.log1p() if hasattr(x, "log1p") else math.log1p(x)


def expm1(x):
    """exp(x) - 1, accurate near 0."""
    return x.expm1() if hasattr(x, "expm1") else math.expm1(x)


def log_float32(x):
    """Normal float32 x > 0: x = 2^k m with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh((m - 1)/(m + 1))."""
    k, m = split_float32(x)
    return joined_float32(k, m - 1.0)


def log1p_float32(x):
    """As log of 1 + x, with what the sum loses by rounding; float32 x > -1."""
    y = min(x, 1e38)
    u = 1.0 + y
    k, m = split_float32(u)
    scale = np.int32((np.int32(127) - k) << np.int32(23)).view(np.float32)
    return joined_float32(k, (m - 1.0) + (y - (u - 1.0)) * scale)


def split_float32(x):
    """Exponent k and mantissa m in [sqrt(1/2), sqrt(2)) of x > 0."""
    bits = np.int32(np.float32(x).view(np.int32) - np.int32(0x3F3504F3))
    m = np.int32((bits & np.int32(0x007FFFFF)) + np.int32(0x3F3504F3)).view(np.float32)
    return np.int32(bits >> np.int32(23)), m


def joined_float32(k, f):
    """Logarithm of 2^k (1 + f)."""
    s = f / (2.0 + f)
    s2 = s * s
    series = s2 * (0.66666666666 + s2 * (0.4 + s2 * (0.28571428571 + s2 * 0.2222222222)))
    return np.float32(k) * 0.6931471805599453 + s * (2.0 + series)


def exp_float32(x):
    """Float32 x, clipped to [-87, 88]: 2^k times a polynomial of the rest (Taylor to degree 7)."""
    scale, r, p = factors_float32(x)
    return (1.0 + r * p) * scale


def expm1_float32(x):
    """As exp, less 1."""
    scale, r, p = factors_float32(x)
    return r * p * scale + (scale - 1.0)


def factors_float32(x):
    """2^k, r and p with exp(x) = 2^k (1 + r p)."""
    y = min(max(x, -87.0), 88.0)
    k = np.int32(np.int32(y * 1.4426950408889634 + 128.5) - np.int32(128))  # truncated, as positive: the floor
    r = (y - np.float32(k) * 0.693359375) + np.float32(k) * 2.12194440e-4
    p = 0.041666666666 + r * (0.0083333333333 + r * (0.0013888888888 + r * 0.00019841269841))
    p = 1.0 + r * (0.5 + r * (0.16666666666 + r * p))
    scale = np.int32((k + np.int32(127)) << np.int32(23)).view(np.float32)
    return scale, r, p


def log_float64(x):
    """Normal float64 x > 0, by the same splitting with eleven terms of the series."""
    k, m = split_float64(x)
    return joined_float64(k, m - 1.0)


def log1p_float64(x):
    """As log of 1 + x, with what the sum loses by rounding; float64 x > -1."""
    y = min(x, 1e308)
    u = 1.0 + y
    k, m = split_float64(u)
    scale = np.int64((np.int64(1023) - k) << np.int64(52)).view(np.float64)
    return joined_float64(k, (m - 1.0) + (y - (u - 1.0)) * scale)


def split_float64(x):
    """Exponent k and mantissa m in [sqrt(1/2), sqrt(2)) of x > 0."""
    bits = np.int64(np.float64(x).view(np.int64) - np.int64(0x3FE6A09E667F3BCD))
    m = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) + np.int64(0x3FE6A09E667F3BCD)).view(np.float64)
    return np.int64(bits >> np.int64(52)), m


def joined_float64(k, f):
    """Logarithm of 2^k (1 + f)."""
    s = f / (2.0 + f)
    s2 = s * s
    p = 2.0 / 17.0 + s2 * (2.0 / 19.0 + s2 * (2.0 / 21.0 + s2 * (2.0 / 23.0)))
    p = 2.0 / 9.0 + s2 * (2.0 / 11.0 + s2 * (2.0 / 13.0 + s2 * (2.0 / 15.0 + s2 * p)))
    p = 2.0 / 3.0 + s2 * (2.0 / 5.0 + s2 * (2.0 / 7.0 + s2 * p))
    return np.float64(k) * 0.6931471805599453 + s * (2.0 + s2 * p)


def exp_float64(x):
    """Float64 x, clipped to [-708, 709], by the same splitting with a Taylor polynomial of degree 13."""
    scale, r, p = factors_float64(x)
    return (1.0 + r * p) * scale


def expm1_float64(x):
    """As exp, less 1."""
    scale, r, p = factors_float64(x)
    return r * p * scale + (scale - 1.0)


def factors_float64(x):
    """2^k, r and p with exp(x) = 2^k (1 + r p)."""
    y = min(max(x, -708.0), 709.0)
    k = np.int64(y * 1.4426950408889634 + 1024.5) - np.int64(1024)
    r = (y - np.float64(k) * 0.693147180369123816490) - np.float64(k) * 1.90821492927058770002e-10
    p = 1.0 / 362880.0 + r * (
        1.0 / 3628800.0 + r * (1.0 / 39916800.0 + r * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0)))
    )
    p = 1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0 + r * (1.0 / 40320.0 + r * p)))
    p = 1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * p)))
    scale = np.int64((k + np.int64(1023)) << np.int64(52)).view(np.float64)
    return scale, r, p


def power(x, y):
    """x to the power of y for x > 0."""
    return exp(y * log(x))
