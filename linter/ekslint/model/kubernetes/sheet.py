"""What all views of one manifest share: its document, and what something else fills in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ekslint.model.reading import Reading
from ekslint.source.tree import Document, Path

# `${NAME}` and `$NAME` are filled in by envsubst or Flux, `{{ … }}` by Helm, Jinja and their kin. `$(NAME)` is
# Kubernetes' own, and the names listed here are placeholders of aws-auth, which the authenticator itself replaces.
_MARKER = re.compile(
    r"\$\{[^}]*\}|\$[A-Z][A-Z0-9_]+"
    r"|\{\{(?!\s*(?:AccessKeyID|AccountID|EC2PrivateDNSName|SessionName|SessionNameRaw)\s*\}\})"
)
# What people and their scripts replace: `<cluster-name>`, `<<AZ>>`, `__REGION__`, `--VERSION--`, `@TAG@`, `%NAME%`,
# `NAME_PLACEHOLDER`. Markup, MIME boundaries and scripts have the like of it, so that it counts on a single line alone.
_WORD = re.compile(
    r"<[A-Za-z][\w '-]*>|__[A-Z][A-Z0-9_]*?__|--[A-Z][A-Z0-9_]*--|@[A-Z][A-Z0-9_]+@|%[A-Z][A-Z0-9_]+%|PLACEHOLDER"
)


def is_template(value: object) -> bool:
    """Whether a scalar holds a placeholder that some other tool fills in, or that somebody is to replace."""
    if not isinstance(value, str):
        return False
    if ("$" in value or "{{" in value) and _MARKER.search(value) is not None:
        return True
    return _WORD.search(value) is not None and "</" not in value and "\n" not in value.strip()


def has_markers(document: Document) -> bool:
    """Whether a placeholder stands anywhere in the text of a document; comments count, which does no harm."""
    text, start, end = document.source.text, document.start, document.end
    if (text.find("$", start, end) >= 0 or text.find("{{", start, end) >= 0) and _MARKER.search(text, start, end):
        return True
    return _WORD.search(text, start, end) is not None


@dataclass(frozen=True, slots=True)
class Hole:
    """A field that something outside of the manifest sets: a kustomization, as a rule."""

    path: Path
    """From the root of the document; everything below is unknown too. An index past the end of a list stands for
    items that are added to it."""
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """What the kustomizations around a manifest do to all of its objects alike.

    Two objects with one and the same rendering stay together, whatever is done to them.
    """

    namespaces: tuple[Reading, ...] = ()
    """The namespaces that they may end up in; a value of None stands for the one that the manifest says."""
    labels: Mapping[str, Reading] = field(default_factory=dict)
    """Labels that every object gets."""
    template_labels: Mapping[str, Reading] = field(default_factory=dict)
    """Labels that pod templates get, and selectors with them."""
    is_renamed: bool = False
    """Whether names get a prefix or a suffix; references follow, so that joins by name stay as they are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all views of one manifest share."""

    document: Document
    holes: tuple[Hole, ...] = ()
    has_markers: bool = False
    """Whether a placeholder occurs anywhere in the document, so that most documents never look for one."""
    rendering: Rendering | None = None

    def hole_at(self, path: Path) -> Hole | None:
        """The hole at `path` or above it."""
        for hole in self.holes:
            if path[: len(hole.path)] == hole.path:
                return hole
        return None

    def hole_below(self, path: Path) -> bool:
        """Whether there is a hole somewhere under `path`."""
        return any(hole.path[: len(path)] == path for hole in self.holes)

    def added_items(self, path: Path, length: int) -> Hole | None:
        """The hole that stands for items added to the list at `path`, which has `length` of its own."""
        for hole in self.holes:
            if len(hole.path) == len(path) + 1 and hole.path[:-1] == path:
                last = hole.path[-1]
                if isinstance(last, int) and last >= length:
                    return hole
        return None
