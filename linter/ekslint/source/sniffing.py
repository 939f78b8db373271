"""A look at a file before it is parsed: its name, its bytes, and what it is written in if not in YAML."""

import re
from typing import NamedTuple

from ekslint.source.decoding import encoding_of


class Sniffed(NamedTuple):
    """Whether a file is worth parsing, and if not, why not, in words for `ekslint files`."""

    relevant: bool
    reason: str
    """"" if relevant."""


_RELEVANT = Sniffed(True, "")
_EMPTY = Sniffed(False, "empty")
_COMMENTS = Sniffed(False, "nothing but comments")
_BINARY = Sniffed(False, "a binary file")
_MIME = Sniffed(False, "a MIME document: the user data of nodes is linted where a node group or a template holds it")
_UNRELATED = Sniffed(False, "not EKS configuration: no apiVersion and no CloudFormation resource")

# kustomize itself goes by these names, and the file needs no apiVersion.
_KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})

_MARK = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
_CONTENT = re.compile(rb"^[ \t\r]*+(?!(?:---|\.\.\.)[ \t\r]*+$)[^#\s]", re.MULTILINE)
_OPENS_AS_MIME = re.compile(rb"\s*+(?:MIME-Version|Content-Type):", re.IGNORECASE)
# Before anything else stands in a file no string can be open, so `{{` or `{%` there is no YAML mapping of any use.
# Further down only a parser knows whether it stands inside a string.
_OPENS_AS_TEMPLATE = re.compile(rb"(?:[ \t]*+(?:#[^\r\n]*+|---[ \t]*+)?[\r\n])*+[ \t]*+(?:\{[{%#]|<%)")


_ENDINGS = (".yaml", ".yml", ".json", ".template")
_TEMPLATE_ENDINGS = {
    "gotmpl": "Go",
    "tmpl": "Go",
    "tpl": "Go",
    "j2": "Jinja",
    "jinja": "Jinja",
    "jinja2": "Jinja",
    "erb": "ERB",
    "ejs": "EJS",
    "hbs": "Mustache",
    "mustache": "Mustache",
    "tftpl": "Terraform",
}
_COPY_ENDINGS = frozenset({"bak", "dist", "disabled", "example", "off", "old", "orig", "sample", "save"})
_COMPOUND = re.compile(r".*\.(?:ya?ml|json|template)\.(?P<last>\w+)", re.IGNORECASE | re.DOTALL)


def is_candidate(name: str) -> bool:
    """Whether a file of this base name is read when a folder above it is linted."""
    return name.lower().endswith(_ENDINGS) or name in _KUSTOMIZATIONS or is_terraform(name)


def is_terraform(name: str) -> bool:
    """Whether a file of this base name is Terraform's or Terragrunt's: not linted, but it may declare clusters."""
    return name.endswith(".tf") or name == "terragrunt.hcl"


def name_reason(name: str) -> str | None:
    """Why a file that is no candidate, but looks like one to a person (`values.yaml.gotmpl`), is not read."""
    match = _COMPOUND.fullmatch(name)
    last = match["last"].lower() if match is not None else ""
    if last in _TEMPLATE_ENDINGS:
        return template_reason(_TEMPLATE_ENDINGS[last])
    if last in _COPY_ENDINGS:
        return f"its name ends in .{last}: name the file itself to lint it"
    return None


def looks_relevant(data: bytes, name: str = "") -> Sniffed:
    """Whether a file may declare something that ekslint knows: a cheap test of its bytes, generous in doubt.

    `name` is the file's base name. Works on any encoding that YAML allows. Whether the text is a template that is no
    YAML is for the parser to find out (see `template_language`), unless the very first line says so.
    """
    if b"\0" in data:
        # UTF-16 and UTF-32 are ASCII with NULs in between, as far as the words looked for here go.
        plain = data.replace(b"\0", b"")
        return _sniff(plain, name, _BINARY if encoding_of(data).codec == "utf-8" else _UNRELATED)
    return _sniff(data, name, _UNRELATED)


def _sniff(data: bytes, name: str, otherwise: Sniffed) -> Sniffed:
    if (mark := _MARK.match(data)) is not None:
        data = data[mark.end() :]
    if _OPENS_AS_MIME.match(data) is not None:
        return _MIME
    opening = _OPENS_AS_TEMPLATE.match(data)
    if opening is not None:
        from ekslint.source.template_languages import template_language

        language = template_language(data.decode("latin-1"))
        if language is not None:
            return Sniffed(False, template_reason(language))
    if _mentions_declarations(data) or name in _KUSTOMIZATIONS:
        return _RELEVANT
    if not data.strip():
        return _EMPTY
    if _CONTENT.search(data) is None:
        return _COMMENTS
    return otherwise


def _mentions_declarations(data: bytes) -> bool:
    return (
        b"apiVersion" in data
        or b"AWS::" in data
        or b"AWSTemplateFormatVersion" in data
        or b"eksctl.io" in data
        # Custom resources, and the EKS resource types of the AWS Quick Starts.
        or (b"::" in data and b"Resources" in data)
        # An object whose apiVersion is missing or misspelt is worth a finding, not silence.
        or (b"kind" in data and b"metadata" in data)
        # A helmfile tells which charts are installed.
        or (b"releases:" in data and b"chart:" in data)
    )


def template_reason(language: str) -> str:
    """Words for a file that `template_language` recognised."""
    article = "an" if language[:1] in "AEIO" else "a"
    return f"{article} {language} template: rendered manifests can be linted, the template itself cannot"
