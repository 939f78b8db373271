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
    )


def template_reason(language: str) -> str:
    """Words for a file that `template_language` recognised."""
    article = "an" if language[:1] in "AEIO" else "a"
    return f"{article} {language} template: rendered manifests can be linted, the template itself cannot"


# Placeholders that EKS and CloudFormation fill in themselves. Without quotes they are a mistake in the file, which must
# be reported, and do not make it a template.
_FILLED_IN_BY_AWS = r"(?:resolve:|(?:AccountID|AccessKeyID|SessionName|SessionNameRaw|EC2PrivateDNSName)\s*\}\})"
_ACTION = rf"\{{\{{-?+(?!\s*+{_FILLED_IN_BY_AWS})"
_STRUCTURE = re.compile(
    "|".join(
        (
            rf"^[ \t]*+(?:-[ \t]++)*+{_ACTION}",  # a line, or an item, that is an action
            rf"(?::[ \t]|[,\[(])[ \t]*+{_ACTION}",  # a value that begins with one
            r"\{\{-?\s*+(?:if|else|end|range|with|define|block|template|include)\b",
            r"\{\{-\s|\s-\}\}",
            r"\{\{[^{}\n]*?[.$](?:Values|Release|Chart|Capabilities|Files|Subcharts)\b",
            r"\{%[-+]?\s*+[a-z]\w*+\b[^\n%]*+%\}",
            r"^[ \t]*+\{#",
            r"<%[^\n%]*+%>",
            r"%\{\s*+~?(?:if|for|else|endif|endfor)\b",
            r"(?P<shell>(?::|^[ \t]*+-)[ \t]++\[[^\]\n]*?\$\{(?!\{))",  # `[${ZONES}]`: a brace ends the item before it
            r"(?::|^[ \t]*+-)[ \t]++\[[^\]\n]*?\$\{\{",
            r"(?P<braces>(?::|^[ \t]*+-)[ \t]++\{[A-Za-z_]\w*+\}[^\s,}\]])",  # `{name}-blue`
            r"(?P<percent>(?::|^[ \t]*+-)[ \t]++%[A-Za-z_]\w*+%)",  # `%ACCOUNT%/web`: nothing in YAML starts with it
            r"(?P<at>(?::|^[ \t]*+-)[ \t]++@[A-Za-z_]\w*+@)",
        )
    ),
    re.MULTILINE,
)
# What tells the languages apart, most specific first.
_LANGUAGES = (
    (
        "Helm",
        re.compile(
            r"\{\{[^{}\n]*?(?:[.$(\s](?:Values|Release|Chart|Capabilities|Subcharts)\b"
            r"|\b(?:include|toYaml|nindent|tpl|lookup)\b)"
        ),
    ),
    ("Jinja", re.compile(r"\{%[-+]?\s*+[a-z]|\{\{[^{}\n]*?\|\s*+(?:default\(|to_(?:nice_)?(?:yaml|json)\b)")),
    ("ERB", re.compile(r"<%")),
    ("Terraform", re.compile(r"%\{\s*+~?(?:if|for)\b")),
    ("Mustache", re.compile(r"\{\{\{?[#^>]\s*+\w|\{\{/\s*+\w")),
    (
        "Go",
        re.compile(
            r"\{\{-?\s*+(?:(?:if|else|end|range|with|define|block|template)\b|[.$(]|/\*|printf\b|quote\b)|\s-\}\}"
        ),
    ),
)
_QUOTED_OR_COMMENT = re.compile(
    r"""(?P<before>^|[\s:,\[{(=])(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+')|(?:^|[ \t])#[^\n]*+""", re.MULTILINE
)
_BLOCK_SCALAR = re.compile(
    r"(?P<margin>[ \t]*+(?:-[ \t]++)*+)(?P<key>[^#\n]*?:[ \t]++)?"
    r"(?:[!&]\S*+[ \t]++)*+[|>][-+0-9]{0,2}[ \t]*+(?:#.*+)?\Z"
)

_LONGEST_KEY_LINE = 2000


def template_language(text: str) -> str | None:
    """The template language that keeps a text from being YAML (`Helm`, `Go`, `Jinja`, …), or None.

    To be asked after a syntax error, or about a mapping as a key (`replicas: {{ count }}`): braces inside quotes,
    comments and block scalars are ordinary in manifests (aws-auth, Argo, Prometheus) and do not count. `{{ }}`, `${ }`,
    `{ }`, `% %` and `@ @` are the names of languages that show nothing more of themselves.
    """
    if "{" not in text and "%" not in text and "@" not in text:
        return None
    structure = _STRUCTURE.search(_QUOTED_OR_COMMENT.sub(_blank, _outside_block_scalars(text)))
    if structure is None:
        return None
    plain = {"shell": "${ }", "braces": "{ }", "percent": "% %", "at": "@ @"}
    otherwise = plain.get(structure.lastgroup or "", "{{ }}")
    return next((name for name, pattern in _LANGUAGES if pattern.search(text)), otherwise)


def _blank(match: re.Match[str]) -> str:
    return f'{match["before"] or ""}""'


def _outside_block_scalars(text: str) -> str:
    kept = []
    inside: int | None = None
    for line in re.split(r"\r\n|\n|\r", text):
        indentation = len(line) - len(line.lstrip(" "))
        if inside is not None:
            if indentation > inside or not line.strip():
                continue
            inside = None
        kept.append(line)
        if ("|" in line or ">" in line) and len(line) <= _LONGEST_KEY_LINE:
            start = _BLOCK_SCALAR.match(line)
            if start is not None:
                margin = len(start["margin"])
                # The content of `- |` is deeper than the dash, that of `- key: |` deeper than the key.
                inside = margin if start["key"] else max(line.rfind("-", 0, margin), 0)
    return "\n".join(kept)
