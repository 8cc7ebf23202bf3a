"""Dual numbers: exact derivatives along one direction, for kernels run as plain Python."""

import math


class Dual:
    """value + tangent * epsilon; comparisons look at the value, so a branch is taken as the kernel takes it."""

    __slots__ = ("tangent", "value")
    __array_ufunc__ = None

    def __init__(self, value: float, tangent: float = 0.0):
        self.value, self.tangent = float(value), float(tangent)

    def __add__(self, other):
        other = dual(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __sub__(self, other):
        other = dual(other)
        return Dual(self.value - other.value, self.tangent - other.tangent)

    def __rsub__(self, other):
        return dual(other) - self

    def __mul__(self, other):
        other = dual(other)
        return Dual(self.value * other.value, self.tangent * other.value + self.value * other.tangent)

    def __truediv__(self, other):
        other = dual(other)
        ratio = self.value / other.value
        return Dual(ratio, (self.tangent - ratio * other.tangent) / other.value)

    def __rtruediv__(self, other):
        return dual(other) / self

    def __neg__(self):
        return Dual(-self.value, -self.tangent)

    def __lt__(self, other):
        return self.value < dual(other).value

    def __le__(self, other):
        return self.value <= dual(other).value

    def __gt__(self, other):
        return self.value > dual(other).value

    def __ge__(self, other):
        return self.value >= dual(other).value

    def log(self):
        return Dual(math.log(self.value), self.tangent / self.value)

    def exp(self):
        value = math.exp(self.value)
        return Dual(value, self.tangent * value)

    def log1p(self):
        return Dual(math.log1p(self.value), self.tangent / (1.0 + self.value))

    def expm1(self):
        return Dual(math.expm1(self.value), self.tangent * math.exp(self.value))

    def sqrt(self):
        value = math.sqrt(self.value)
        return Dual(value, self.tangent / (2.0 * value) if value else 0.0)

    __radd__ = __add__
    __rmul__ = __mul__


def dual(x) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)
