"""JSON text → the events that libyaml would have sent, for the JSON that libyaml refuses."""

import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from yaml.error import Mark
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")


class JSONSyntaxError(Exception):
    """The text is not JSON either."""


def json_events(text: str) -> Iterator[Event]:
    """The events of one JSON text; JSONSyntaxError where it is none.

    The stack is a list: a text nested 100,000 deep must not reach Python's recursion limit.
    """
    yield DocumentStartEvent(_mark(0), _mark(0))
    closers: list[str] = []
    at = _skip(text, 0)
    while True:
        # A value starts here.
        character = text[at : at + 1]
        if character in ("{", "["):
            start = MappingStartEvent if character == "{" else SequenceStartEvent
            yield start(None, None, True, _mark(at), _mark(at + 1))
            closers.append("}" if character == "{" else "]")
            at = _skip(text, at + 1)
            if text[at : at + 1] != closers[-1]:
                if closers[-1] == "}":
                    event, at = _key(text, at)
                    yield event
                continue
        elif character == '"':
            event, at = _string(text, at)
            yield event
        else:
            match = _LITERAL.match(text, at)
            if match is None:
                raise JSONSyntaxError(at)
            yield ScalarEvent(None, None, (True, False), match[0], _mark(at), _mark(match.end()), style="")
            at = match.end()
        # A value has ended: close what closes, then go on to the next one.
        at = _skip(text, at)
        while closers and text[at : at + 1] == closers[-1]:
            end = MappingEndEvent if closers.pop() == "}" else SequenceEndEvent
            yield end(_mark(at), _mark(at + 1))
            at = _skip(text, at + 1)
        if not closers:
            if at != len(text):
                raise JSONSyntaxError(at)
            yield DocumentEndEvent(_mark(at), _mark(at))
            yield StreamEndEvent(_mark(at), _mark(at))
            return
        if text[at : at + 1] != ",":
            raise JSONSyntaxError(at)
        at = _skip(text, at + 1)
        if closers[-1] == "}":
            event, at = _key(text, at)
            yield event


def _mark(index: int) -> Any:
    return Mark("", index, 0, 0, None, 0)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _string(text: str, at: int) -> tuple[ScalarEvent, int]:
    try:
        value, end = scanstring(text, at + 1, False)
    except JSONDecodeError as error:
        raise JSONSyntaxError(at) from error
    return ScalarEvent(None, None, (False, True), value, _mark(at), _mark(end), style='"'), end


def _key(text: str, at: int) -> tuple[ScalarEvent, int]:
    if text[at : at + 1] != '"':
        raise JSONSyntaxError(at)
    event, at = _string(text, at)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise JSONSyntaxError(at)
    return event, _skip(text, at + 1)
