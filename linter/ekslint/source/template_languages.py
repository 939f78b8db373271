"""What a text is written in that is no YAML: a template of Helm, Go, Jinja and the like.

A module of its own because its patterns take long to compile, and most runs meet no such text.
"""

import re

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
