"""Where a balance is zero: a search as a state machine, so that the balance is evaluated at one place of the code.

    root = root_begin(lower, upper, start, ceiling)
    for _ in range(MOST):
        value, slope = balance(root.x)
        root = root_next(root, value, slope)
        if root.done > 0.0:
            break
    (evaluate once more at root.x for what the balance is made of; root.failed: the caller keeps its old value)

Brent's zeroin (Brent, 1973) with VIC's brackets that widen by 10 K at both ends up to five times, tolerance
2 eps |x| + 1e-7; or Newton's method on a falling function, kept inside the signs seen so far, of at most 12 turns.
"""

from collections import namedtuple

from .options import options

# All fields are floats, so that the tuple has one type. a, b, c and their values: Brent's points; d, e: his last two
# steps. Newton: a and c enclose the root, b is the start.
Root = namedtuple("Root", "phase x a b c fa fb fc d e done failed")
LOWER, UPPER, SEARCH = 0.0, 1.0, 2.0  # what the next value belongs to
WIDEN, TRIES = 10.0, 5.0
TOLERANCE = 1e-7
FAR = 1e30
BRACKET = 1.0  # K, around where the surface temperature is looked for first
MOST = 120  # turns of any search: Brent's own limit is never reached
NEWTON_MOST = 12.0
LARGEST_STEP = 20.0
CLOSE = 5e-4  # K; a step this small leaves an error below the tolerance, as Newton's steps square it


def root_begin(lower, upper, start, ceiling):
    """A search between lower and upper (Brent), or from start and not above ceiling (Newton)."""
    if options.brent:
        return Root(LOWER, lower, lower, upper, upper, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Root(0.0, start, -FAR, start, ceiling, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def root_next(root, value, slope):
    """The search after the balance at root.x was found to be value, with this slope."""
    if options.brent:
        return brent_next(root, value)
    return newton_next(root, value, slope)


def newton_next(root, value, slope):
    """Newton's step inside the points that enclose the root; their middle where it would leave them."""
    x = root.x
    low = x if value > 0.0 else root.a
    high = x if value < 0.0 else root.c
    step = -value / slope if slope < 0.0 else (5.0 if value > 0.0 else -5.0)
    step = min(max(step, -LARGEST_STEP), LARGEST_STEP)
    trial = x + step
    closed = low > -FAR and high < FAR
    slow = closed and root.phase > 0.0 and absolute(step) > 0.5 * root.e  # at a kink Newton's steps may turn in circles
    if trial > high or trial < low or slow:
        trial = 0.5 * (low + high) if closed else (high if trial > high else low)
    size = trial - x if trial >= x else x - trial
    turn = root.phase + 1.0
    done = 1.0 if value == 0.0 or size <= CLOSE else 0.0
    failed = 1.0 if done == 0.0 and turn >= NEWTON_MOST else 0.0
    x = root.b if failed > 0.0 else (x if value == 0.0 else trial)
    return Root(turn, x, low, root.b, high, value, 0.0, 0.0, 0.0, size, max(done, failed), failed)


def brent_next(root, value):
    """Brent's next trial: first both ends, widened while they have one sign, then his search."""
    if root.phase == LOWER:
        return Root(UPPER, root.b, root.a, root.b, root.b, value, 0.0, 0.0, root.d, 0.0, 0.0, 0.0)
    if root.phase == UPPER and root.fa * value >= 0.0:
        tried = root.d + 1.0
        if tried > TRIES:
            return Root(SEARCH, root.b, root.a, root.b, root.b, root.fa, value, value, 0.0, 0.0, 1.0, 1.0)
        low, high = root.a - WIDEN, root.b + WIDEN
        return Root(LOWER, low, low, high, high, 0.0, 0.0, 0.0, tried, 0.0, 0.0, 0.0)
    c, fc = (root.b, value) if root.phase == UPPER else (root.c, root.fc)
    return brent_step(root.a, root.b, c, root.fa, value, fc, root.d, root.e)


def brent_step(a, b, c, fa, fb, fc, d, e):
    """One turn of zeroin from its three points (Brent, 1973, section 4)."""
    if fb * fc > 0.0:
        c = a
        fc = fa
        d = b - a
        e = d
    if absolute(fc) < absolute(fb):
        a = b
        b = c
        c = a
        fa = fb
        fb = fc
        fc = fa
    tolerance = 2.0 * rounding() * absolute(b) + TOLERANCE
    half = 0.5 * (c - b)
    if absolute(half) <= tolerance or fb == 0.0:
        return Root(SEARCH, b, a, b, c, fa, fb, fc, d, e, 1.0, 0.0)
    if absolute(e) < tolerance or absolute(fa) <= absolute(fb):
        d = half
        e = half
    else:
        s = fb / fa
        if a == c:
            p = 2.0 * half * s
            q = 1.0 - s
        else:
            q = fa / fc
            r = fb / fc
            p = s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0))
            q = (q - 1.0) * (r - 1.0) * (s - 1.0)
        if p > 0.0:
            q = -q
        else:
            p = -p
        s = e
        e = d
        if 2.0 * p < 3.0 * half * q - absolute(tolerance * q) and p < absolute(0.5 * s * q):
            d = p / q
        else:
            d = half
            e = half
    step = d if absolute(d) > tolerance else (tolerance if half > 0.0 else -tolerance)
    return Root(SEARCH, b + step, b, b + step, c, fb, 0.0, fc, d, e, 0.0, 0.0)


def rounding():
    """Distance of 1 to the next number in float64."""
    return 2.2204460492503131e-16


def rounding_float32():
    """Distance of 1 to the next number in float32."""
    return 1.1920928955078125e-07


def absolute(x):
    """|x|."""
    return x if x >= 0.0 else -x
