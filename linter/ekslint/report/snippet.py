"""One line of source as a report quotes it: escaped, tabs expanded, cut around what matters, carets in place."""

from ekslint.report.escaping import printable_pieces
from ekslint.report.layout import cell_width

_LEAST_BUDGET = 20
# More code points than this for each cell are combining characters piled up to fill the screen, not text.
_CODE_POINTS_A_CELL = 4
_LOOKAHEAD = 8
_EMOJI_SELECTOR = "\ufe0f"


class LineView:
    """A window on one source line.

    Positions are 0-based code points of the line; offsets and lengths of marks are cells. The cost depends on the
    window, never on the length of the line: a template may be one line of megabytes.
    """

    def __init__(self, line: str, start: int, end: int, budget: int, unicode: bool = True) -> None:
        """Show `line` in at most `budget` cells, so that the span from `start` to `end` is seen, or its beginning."""
        self._unicode = unicode
        self._length = len(line)
        self._budget = max(budget, _LEAST_BUDGET)
        self._ellipsis = "…" if unicode else "..."
        self._first, self._last = self._window(line, min(start, len(line)), min(max(end, start), len(line)))
        pieces, self._cells = self._shown(line, self._first, self._last)
        self._cut_left = self._first > 0
        self._cut_right = self._last < len(line)
        left = self._ellipsis if self._cut_left else ""
        right = self._ellipsis if self._cut_right else ""
        self.text = left + "".join(pieces) + right

    def mark(self, start: int, end: int) -> tuple[int, int] | None:
        """Offset and length of the carets under a span; None if the span begins outside of the window.

        Carets stop where the line is cut; an empty span, as after the end of a line, gets one.
        """
        start = min(start, self._length)
        if start < self._first or start > self._last or (start == self._last and self._cut_right):
            return None
        offset = self._cells[start - self._first]
        length = self._cells[min(max(end, start), self._last) - self._first] - offset
        return offset + (len(self._ellipsis) if self._cut_left else 0), max(length, 1)

    def _window(self, line: str, start: int, end: int) -> tuple[int, int]:
        reach = self._budget * _CODE_POINTS_A_CELL
        # An empty span is marked under the character that follows.
        end = min(max(end, start + 1), len(line))
        if len(line) <= reach and self._shown(line, 0, len(line))[1][-1] <= self._budget:
            return 0, len(line)
        span = self._shown(line, start, min(end, start + reach))[1][-1]
        wanted = min(max(span, 1), self._budget * 2 // 3)
        cut = len(self._ellipsis)
        if start < reach and self._shown(line, 0, start)[1][-1] + wanted + cut <= self._budget:
            first, room = 0, self._budget - cut
        else:
            spare = self._budget - wanted - 2 * cut
            after = self._shown(line, end, min(len(line), end + reach))[1][-1]
            first = self._back(line, start, spare - min(after, spare // 2), reach)
            room = self._budget - 2 * cut
        cells = self._shown(line, first, min(len(line), first + reach))[1]
        if first + len(cells) - 1 == len(line) and cells[-1] <= room + cut:
            return first, len(line)
        kept = sum(1 for each in cells[1:] if each <= room)
        return first, first + kept

    def _back(self, line: str, start: int, room: int, reach: int) -> int:
        """The earliest position from which `room` cells lead to `start`."""
        lowest = max(0, start - reach // 2)
        cells = self._shown(line, lowest, start)[1]
        return lowest + next(index for index, each in enumerate(cells) if cells[-1] - each <= max(room, 0))

    def _shown(self, line: str, first: int, last: int) -> tuple[list[str], list[int]]:
        """The pieces for the code points from `first` to `last`, and the cells before each and after the last one."""
        text = line[first:last]
        if text.isascii() and text.isprintable() and "##" not in text:
            return list(text), list(range(len(text) + 1))
        # How a sign is shown may depend on the few after it.
        pieces = printable_pieces(line[first : last + _LOOKAHEAD], self._unicode)[: last - first]
        cells = [0]
        for index, piece in enumerate(pieces):
            if piece == _EMOJI_SELECTOR and index:
                # It widens the sign before it.
                width = cell_width(pieces[index - 1] + piece) - cell_width(pieces[index - 1])
            else:
                width = cell_width(piece)
            cells.append(cells[-1] + width)
        return pieces, cells
