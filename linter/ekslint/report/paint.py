"""Colours. User text passes through here as it is: nothing in it is read as markup, and no link is made of it."""

from ekslint.engine.severity import Severity

_STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold blue",
    "title": "bold",
    "gutter": "color(67)",
    "related": "cyan",
    "help": "bold",
    "faint": "dim",
    "good": "green",
}


class Painter:
    """Turns (role, text) into text with or without ANSI colours.

    Without colour no library is asked, so the same bytes come out whatever the environment.
    """

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, role: str, text: str) -> str:
        """`text` in the style of `role`: a severity's name, or one of title, gutter, related, help, faint, good."""
        if not self._color or not text:
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        return Style.parse(_STYLES[role]).render(text, color_system=ColorSystem.EIGHT_BIT)

    def severity(self, severity: Severity, text: str) -> str:
        """`text` in the colour of a severity."""
        return self(str(severity), text)
