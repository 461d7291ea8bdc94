"""Something random, run in every way it can go: exact chances, with Fractions."""

from fractions import Fraction


class Way:
    """One way: the answers given so far lead, then yes as long as that can be.

    chance   how likely this way is, once it was gone
    numbers  for each key asked, a number in [0, 1) that gives the same answer
    forks    the ways that part from it, by their first answers
    """

    def __init__(self, answers):
        self.answers = answers
        self.asked = 0
        self.chance = Fraction(1)
        self.numbers = {}
        self.forks = []

    def number(self, key):
        """A random number that serves once: called with p and q, it tells if it is below p / q."""
        return lambda p, q: self._is_below(key, Fraction(p) / Fraction(q) if q else Fraction(0))

    def _is_below(self, key, share):
        assert key not in self.numbers
        if self.asked == len(self.answers):
            if 0 < share < 1:
                self.forks.append([*self.answers, False])
            self.answers.append(share > 0)
        answer = self.answers[self.asked]
        self.asked += 1
        self.chance *= share if answer else 1 - share
        self.numbers[key] = share / 2 if answer else (share + 1) / 2
        return answer


def every_way(run):
    """Yield (chance, result, numbers) of each way that ``run(number)`` can go."""
    waiting = [[]]
    while waiting:
        way = Way(waiting.pop())
        result = run(way.number)
        waiting += way.forks
        yield way.chance, result, way.numbers
