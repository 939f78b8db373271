"""The one "did you mean" of the whole program: rule names, keys, labels, values, options, paths."""

from collections.abc import Iterable

_LONGEST_WORD = 100  # nobody mistypes a word of this length, and comparing costs length × length
_SHORT_WORD = 4
_SHORT_CUT_OFF = 0.66  # one wrong letter of three
_CUT_OFF = 0.7
_SHORTEST_ABBREVIATION = 3


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that somebody who wrote `word` most likely meant, or None if none is close.

    Differences of case and of `-`, `_` and blanks count least. Words of one or two letters are never guessed at
    beyond that. The answer does not depend on the order of the candidates, and is never `word` itself.
    """
    others = sorted(set(candidates) - {word})
    if not word or not others:
        return None
    plain = _plain(word)
    same = [other for other in others if _plain(other) == plain]
    if same:
        return min(same, key=lambda other: (other.lower() != word.lower(), other))
    if not 3 <= len(plain) <= _LONGEST_WORD:
        return None
    return _similar(plain, others) or _abbreviated(plain, others)


def _plain(word: str) -> str:
    return word.lower().replace("_", "-").replace(" ", "-")


def _similar(word: str, others: list[str]) -> str | None:
    from difflib import SequenceMatcher

    # The second sequence is the one that the matcher remembers between comparisons.
    matcher = SequenceMatcher(None, "", word, autojunk=False)
    cut_off = _SHORT_CUT_OFF if len(word) <= _SHORT_WORD else _CUT_OFF
    best: tuple[float, bool, int] = (cut_off, False, -_LONGEST_WORD)
    found = None
    for other in others:
        plain = _plain(other)
        if len(plain) > _LONGEST_WORD:
            continue
        matcher.set_seq1(plain)
        # Upper bounds, each cheaper than what follows it: most candidates end here.
        if matcher.real_quick_ratio() < best[0] or matcher.quick_ratio() < best[0]:
            continue
        # People rarely miss the first letter, and rarely miss many.
        score = (matcher.ratio(), plain[:1] == word[:1], -abs(len(plain) - len(word)))
        if score > best:
            best, found = score, other
    return found


def _abbreviated(word: str, others: list[str]) -> str | None:
    """`prod` for `production`, `development` for `dev`; only where a single candidate fits."""
    fitting = []
    for other in others:
        shorter, longer = sorted((_plain(other), word), key=len)
        if len(shorter) >= _SHORTEST_ABBREVIATION and longer.startswith(shorter) and len(longer) <= 4 * len(shorter):
            fitting.append(other)
    return fitting[0] if len(fitting) == 1 else None
