"""Text → documents, whatever the text."""

import re
from collections.abc import Callable
from typing import Any

from ekslint.source.composing import Composer, TooDeep
from ekslint.source.scalars import Typing, manifest
from ekslint.source.text import SourceText
from ekslint.source.tree import Document, Problem

_DOCUMENT_MARKER = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
# YAML 1.2 §5.1: c-printable, without the byte order mark that may open a document.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(source: SourceText, typing: Typing = manifest) -> list[Document]:
    """The documents of a file, in order. What is wrong with the text is in their `problems`; nothing is raised.

    A document that cannot be read does not take the others with it: reading goes on at the next `---`.
    """
    documents: list[Document] = []
    base = 0
    text = source.text
    while True:
        composer = Composer(source, typing, base=base, number=len(documents))
        failure = _compose(composer, text[base:] if base else text, base)
        if failure is not None and failure.kind == "unprintable":
            # libyaml gives up the whole buffer. A stand-in of the same length keeps every offset and every document
            # that has no such character.
            return _without_unprintable(source, typing)
        documents += composer.documents
        if failure is None:
            return documents
        if not composer.documents:
            documents.append(Document(source, len(documents), start=base, end=failure.end))
        if base == 0 and len(documents) == 1 and failure.kind == "syntax-error":
            as_json = _parse_json(source, typing)
            if as_json is not None:
                return as_json
        documents[-1].problems.append(failure)
        # What was composed of it is no whole document: rules must not judge a half.
        documents[-1].root = None
        following = _DOCUMENT_MARKER.search(text, max(failure.start, base + 1, documents[-1].start + 1))
        if following is None:
            return documents
        base = following.start()


def _without_unprintable(source: SourceText, typing: Typing) -> list[Document]:
    documents = parse(SourceText(source.path, _UNPRINTABLE.sub("\ufffd", source.text)), typing)
    if not documents:
        documents.append(Document(source, 0))
    starts = [0, *(document.start for document in documents[1:]), len(source.text)]
    for document, start, end in zip(documents, starts, starts[1:], strict=False):
        match = _UNPRINTABLE.search(source.text, start, end)
        if match is not None:
            message = f"the character U+{ord(match[0]):04X} is not allowed in YAML"
            document.problems.append(Problem("syntax-error", match.start(), match.end(), message))
            document.root = None
    return documents


def _compose(composer: Composer, text: str, base: int) -> Problem | None:
    import yaml

    try:
        parser = _parser(text)
        composer.compose(parser)
    except TooDeep as error:
        return Problem("too-deep", error.start, error.end, str(error))
    except yaml.reader.ReaderError as error:
        kind = "unprintable" if _UNPRINTABLE.search(text) else "syntax-error"
        return Problem(kind, base, base + 1, str(error.reason))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = base + (mark.index if mark is not None else 0)
        words = " ".join(part for part in (error.problem, error.context) if part)
        return Problem("syntax-error", at, at + 1, words or "not valid YAML")
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError) as error:
        return Problem("syntax-error", base, base + 1, f"not valid YAML: {type(error).__name__}")
    return None


def _parser(text: str) -> Callable[[], Any]:
    try:
        from yaml._yaml import CParser  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        # Some 20 times slower, and the same events: better than not running at all.
        from yaml import SafeLoader

        return SafeLoader(text).get_event
    return CParser(text).get_event


def _parse_json(source: SourceText, typing: Typing) -> list[Document] | None:
    """JSON that libyaml refuses (surrogate pairs in escapes, keys over 1,024 characters); None if it is not JSON."""
    if source.text.lstrip()[:1] not in {"{", "["}:
        return None
    from ekslint.source.json_events import JSONSyntaxError, json_events

    composer = Composer(source, typing)
    try:
        composer.compose(json_events(source.text).__next__)
    except TooDeep as error:
        document = composer.documents[-1]
        document.root = None
        document.problems.append(Problem("too-deep", error.start, error.end, str(error)))
    except JSONSyntaxError:
        return None
    return composer.documents
