"""The pivotal method as Deville and Tillé (1998) have it, with exact numbers; slow on purpose."""


def draw(pi, numbers):
    """Return the drawn positions.

    numbers  one a unit, or a callable that tells whether the number is below p / q
    """
    drawn = []
    holder, a = None, 0
    for unit, b in enumerate(pi):
        if b in (0, 1):
            drawn += [unit] if b else []
        elif holder is None:
            holder, a = unit, b
        elif a + b < 1:
            if not happens(numbers[unit], a, a + b):
                holder = unit
            a += b
        else:
            first = happens(numbers[unit], 1 - b, 2 - a - b)
            drawn.append(holder if first else unit)
            holder, a = (unit if first else holder), a + b - 1
            holder = holder if a else None
    return sorted(drawn)


def happens(number, p, q):
    return number(p, q) if callable(number) else number * q < p
