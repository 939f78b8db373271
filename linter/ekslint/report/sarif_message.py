"""The text of a SARIF result: what is wrong, links to the other ends, what to do."""

import re
from collections.abc import Sequence

from ekslint.engine.diagnostic import Diagnostic, RelatedLocation
from ekslint.report.escaping import printable

# A message that links to everything is no longer read; the locations themselves are all there.
_MOST_LINKS = 10
_LINK_OPENS = "]("


def link_label(related: RelatedLocation) -> str:
    """How a related place is called; never empty."""
    return printable(related.label) or f"{printable(related.location.path)}:{related.location.line}"


def message_text(diagnostics: Sequence[Diagnostic], related: Sequence[RelatedLocation]) -> str:
    """One text for findings of one rule on one line; `[label](n)` links to the n-th of `related`, counted from 1.

    A label that the message already contains becomes the link; the others follow in a sentence of their own. GitHub
    shows the first sentence where space is short, so that one is the message.
    """
    messages = list(dict.fromkeys(_sentence(each.message) for each in diagnostics))
    texts = [_Linked(message) for message in messages]
    appended: list[str] = []
    for number, each in enumerate(related[:_MOST_LINKS], start=1):
        label = link_label(each)
        if not any(text.link(label, number) for text in texts):
            appended.append(f"[{_escaped_label(label)}]({number})")
    sentences = [str(text) for text in texts]
    if appended:
        sentences.append(f"See {', '.join(appended)}.")
    sentences += [f"Help: {_plain(_sentence(help_text))}" for help_text in _helps(diagnostics)]
    return " ".join(sentences)


class _Linked:
    """A sentence in which words become links, each stretch of text at most once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._links: list[tuple[int, int, int]] = []

    def link(self, label: str, number: int) -> bool:
        """Whether `label` stands in the sentence as words of its own, free to be linked; then it is."""
        for match in re.finditer(rf"(?<!\w){re.escape(label)}(?!\w)", self._text):
            if all(match.end() <= start or end <= match.start() for start, end, _ in self._links):
                self._links.append((match.start(), match.end(), number))
                return True
        return False

    def __str__(self) -> str:
        parts: list[str] = []
        position = 0
        for start, end, number in sorted(self._links):
            parts.append(_plain(self._text[position:start]))
            parts.append(f"[{_escaped_label(self._text[start:end])}]({number})")
            position = end
        return "".join(parts) + _plain(self._text[position:])


def _helps(diagnostics: Sequence[Diagnostic]) -> list[str]:
    return list(dict.fromkeys(each.help for each in diagnostics if each.help))


def _sentence(text: str) -> str:
    text = printable(text).strip()
    return text if text.endswith((".", "!", "?")) else text + "."


def _plain(text: str) -> str:
    """User text in which nothing reads as a link; brackets that cannot be one stay readable everywhere."""
    return _escaped_label(text) if _LINK_OPENS in text else text


def _escaped_label(text: str) -> str:
    """Escapes of SARIF 2.1.0, section 3.11.6: brackets, and backslashes that would read as part of an escape."""
    return re.sub(r"[\[\]]|\\(?=[\[\]\\]|$)", lambda match: f"\\{match[0]}", text)
