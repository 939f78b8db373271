import codecs
from textwrap import dedent

import pytest

from ekslint.source.sniffing import is_candidate, looks_relevant, name_reason, template_reason
from ekslint.source.template_languages import template_language

MIME = "a MIME document: the user data of nodes is linted where a node group or a template holds it"
UNRELATED = "not EKS configuration: no apiVersion and no CloudFormation resource"


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["a.yaml", "a.YML", "a.json", "a.template", ".yaml", "a.b.yaml", "a.yaml.template", "Kustomization", "\n.yaml"],
    )
    def test_candidates(self, name: str) -> None:
        assert is_candidate(name)
        assert name_reason(name) is None

    @pytest.mark.parametrize(
        "name", ["yaml", "a.yaml~", "a.yam", "kustomization", "a.jsonnet", "", "a.tpl", "a.yaml.md", "x.bak"]
    )
    def test_others_need_no_word(self, name: str) -> None:
        assert not is_candidate(name)
        assert name_reason(name) is None

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("values.yaml.gotmpl", "a Go template"),
            ("a.yml.tpl", "a Go template"),
            ("a.JSON.J2", "a Jinja template"),
            ("a.yaml.erb", "an ERB template"),
            ("a.yaml.tftpl", "a Terraform template"),
            ("a.yaml.example", "its name ends in .example"),
            ("a\nb.yaml.bak", "its name ends in .bak"),
        ],
    )
    def test_look_alikes_are_explained(self, name: str, words: str) -> None:
        assert not is_candidate(name)
        assert (name_reason(name) or "").startswith(words)


class TestBytes:
    @pytest.mark.parametrize(
        "text",
        [
            "apiVersion: v1\nkind: Pod\n",
            '{"kind": "List", "apiVersion": "v1"}',
            "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n",
            "Resources:\n  Cluster:\n    Type: AWSQS::EKS::Cluster\n",
            "Resources: {X: {Type: Custom::Helm}}\n",
            "AWSTemplateFormatVersion: 2010-09-09\n",
            "apiversion: eksctl.io/v1alpha5\nkind: ClusterConfig\n",
            "kind: Deployment\nmetadata: {name: x}\n",
            "# {{ no template }}\napiVersion: v1\n",
        ],
    )
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
    def test_declarations_are_relevant_in_any_encoding(self, text: str, codec: str) -> None:
        assert looks_relevant(text.encode(codec)) == (True, "")

    @pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
    def test_a_kustomization_is_relevant_by_its_name(self, name: str) -> None:
        assert looks_relevant(b"resources: [a.yaml]\n", name).relevant
        assert not looks_relevant(b"resources: [a.yaml]\n", "other.yaml").relevant

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b" \t\r\n\n", "empty"),
            (codecs.BOM_UTF8 + b"\n", "empty"),
            ("\ufeff \n".encode("utf-16-le"), "empty"),
            (b"# one\n\n  # two\r\n", "nothing but comments"),
            (codecs.BOM_UTF8 + b"---\n# one\n...\n", "nothing but comments"),
            (b"replicas: 3\nimage: {tag: v1}\n", UNRELATED),
            (b'{"Version": "2012-10-17", "Statement": []}', UNRELATED),
            (b"caf\xe9: 1\n", UNRELATED),
            ("services: {web: {image: x}}".encode("utf-16"), UNRELATED),
            ("services: {web: {image: x}}".encode("utf-16-be"), UNRELATED),
            (b"\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--//\napiVersion: node.eks.aws/v1alpha1\n", MIME),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
            (b"replicas: \0\n", "a binary file"),
        ],
    )
    def test_everything_else_has_a_reason(self, data: bytes, reason: str) -> None:
        assert looks_relevant(data) == (False, reason)

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("{{- if .Values.enabled }}\napiVersion: v1\n{{- end }}\n", "Helm"),
            ("# a comment\n\n---\n  {{- range .items }}\napiVersion: v1\n{{ end }}\n", "Go"),
            ('{{- define "x.labels" -}}\na: b\n{{- end }}\n', "Go"),
            ("{{/* a comment */}}\napiVersion: v1\n", "Go"),
            ("{% if on %}\napiVersion: v1\n{% endif %}\n", "Jinja"),
            ("{# a comment #}\napiVersion: v1\n", "{{ }}"),
            ("<% if on %>\napiVersion: v1\n<% end %>\n", "ERB"),
            ("{{#on}}\r\napiVersion: v1\r\n{{/on}}\r\n", "Mustache"),
        ],
    )
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_file_that_opens_as_a_template_is_none_to_parse(self, text: str, language: str, codec: str) -> None:
        assert looks_relevant(text.encode(codec)) == (False, template_reason(language))

    def test_a_reason_reads_well(self) -> None:
        rest = "template: rendered manifests can be linted, the template itself cannot"
        assert template_reason("Helm") == f"a Helm {rest}"
        assert template_reason("ERB") == f"an ERB {rest}"

    @pytest.mark.parametrize(
        "text",
        [
            # Only a parser knows whether these stand in a string.
            "apiVersion: v1\n{{- if .Values.on }}\nkind: Pod\n{{- end }}\n",
            "apiVersion: v1\ndata:\n  a: |\n    {{- if .x }}\n    {% if x %}\n",
            'apiVersion: v1\ndata: {a: "\n{{- end }}"}\n',
            "{{resolve:ssm:/apiVersion}}: x\n",
        ],
    )
    def test_further_down_a_template_is_for_the_parser_to_find(self, text: str) -> None:
        assert looks_relevant(text.encode()).relevant


class TestTemplateLanguage:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("Helm", "kind: Pod\nmetadata:\n  name: {{ .Release.Name }}-api\n"),
            ("Helm", "kind: Pod\nmetadata:\n  name: api-{{ .Values.name }}: x\n"),
            ("Helm", 'metadata:\n  labels:\n    {{- include "x.labels" . | nindent 4 }}\n'),
            ("Helm", "a: 1\n  {{- with $.Values.x }}\n  b: {{ toYaml . }}\n  {{- end }}\n"),
            ("Helm", 'a: "{{ .Values.x }}"\n{{- end }}\n'),
            ("Helm", "data:\n  a: |\n    text\n{{ toYaml .Values.data | indent 4 }}\n"),
            ("Go", "nodes:\n{{range .Nodes}}\n- {{.Name}}\n{{end}}\n"),
            ("Go", "replicas: {{ .Count }}\n"),
            ("Go", "list: [{{ $x }}, 2]\n"),
            ("Go", '- {{ printf "%d" 1 }}\n'),
            ("Jinja", "a:\n{% for x in y %}\n  - {{ x }}\n{% endfor %}\n"),
            ("Jinja", "a: {% if x %}1{% else %}2{% endif %}\n"),
            ("Jinja", "replicas: {{ count | default(3) }}\n"),
            ("Jinja", "spec: {{ spec | to_nice_yaml }}\n"),
            ("Mustache", "list:\n{{#items}}\n- {{name}}\n{{/items}}\n"),
            ("ERB", "a: b\n<%- if x -%>\nc: <%= d %>\n<%- end -%>\n"),
            ("Terraform", "a:\n%{ for x in y ~}\n  - ${x}\n%{ endfor ~}\n"),
            ("{{ }}", "replicas: {{ count }}\n"),
            ("{{ }}", "cidrs: [ ${{ values.cidrs }} ]\n"),
            ("${ }", "availabilityZones: [${ZONES}]\n"),
            ("% %", "image: %ACCOUNT%.dkr.ecr.%REGION%.amazonaws.com/web:1.0\n"),
            ("@ @", "items:\n  - @ITEM@\n"),
            ("${ }", "- [a, ${B}]\n"),
            ("{ }", "name: {tenant}-blue\n"),
            ("{{ }}", "- {{pod}}\n- {{ other }}\n"),
            ("{{ }}", "{{ manifest }}\n"),
        ],
    )
    def test_is_found_where_it_keeps_a_text_from_being_yaml(self, language: str, text: str) -> None:
        assert template_language(text) == language
        assert template_language(text.replace("\n", "\r\n")) == language

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a: b: c\n",
            "a: {b: {c: d}}\n",
            '{"a": {"b": {}}}',
            # aws-auth
            """
            data:
              mapRoles: |
                - rolearn: arn:aws:iam::111122223333:role/node
                  username: system:node:{{EC2PrivateDNSName}}
                  groups: [system:nodes
              mapUsers: |-
                {{- if x }}
            """,
            "username: system:node:{{EC2PrivateDNSName}}\n",
            "username: {{SessionName}}\n",
            "- {{ AccountID }}\n",
            # CloudFormation dynamic references, with and without the quotes that they need
            "Password: '{{resolve:secretsmanager:db:SecretString:password}}'\n",
            "Password: {{resolve:ssm:/db/password}}\n",
            "Tags: [{{resolve:ssm:/db/password}}]\n",
            # Argo CD, Argo Workflows, Prometheus, external secrets
            'name: "{{path.basename}}-guestbook"\n',
            "name: generated-{{version}}\n",
            "args: ['{{inputs.parameters.message}}', \"{{ .Values.x }}\"]\n",
            "summary: 'Instance {{ $labels.instance }} isn''t up: {{ $value }}'\n",
            """
            template: >-
              {{- range .Alerts }}
              {% if x %}
              {{ end }}
            other: "{{- if }}"
            """,
            "- |2-  # a comment\n    {{- if x }}\n",
            "- name: x\n  run: |\n      {{ a }}\n\n      {{ b }}\n  after: !!str >+\n    {{- end }}\n",
            "a: b # {{- if .Values.x }}\n# {{ .Values.y }}\n",
            'command: [curl, -w, "%{http_code}", -d, %{http_code}]\n',
            "format: '{%h} <%d>'\n",
            # placeholders that are YAML all the same
            "name: ${NAME}\nzones: ['${A}', \"${B}\"]\n",
            "a: {name}\nb: [{x}, {y}]\nc: x{y}z\n",
            "run: echo ${{ github.sha }}\n",
        ],
    )
    def test_is_not_found_where_braces_are_ordinary(self, text: str) -> None:
        assert template_language(dedent(text)) is None

    def test_a_block_scalar_ends_where_its_indentation_does(self) -> None:
        assert template_language("a:\n  b: |\n    {{ x }}\n  {{- end }}\n") == "Go"
        assert template_language("- |\n  {{ x }}\n- {{ y }}\n") == "{{ }}"
        assert template_language("- key: |\n    {{ x }}\n  other: {{ y }}\n") == "{{ }}"

    @pytest.mark.parametrize(
        "text",
        [
            "{{" * 200_000,
            "{{ " * 200_000,
            "{{\n" * 100_000,
            "{% a " * 100_000,
            "<% " * 200_000,
            "%{ " * 200_000,
            "{{ x" + "\n" * 300_000,
            "{{" + ": |" * 100_000,
            "{{" + ": !a" * 100_000 + "|",
            "{{" + ' "\\" ' * 100_000,
            "{{" + " '" * 200_001,
            "{{" + "- " * 200_000,
            "{{" + "\n- - - - |" * 50_000,
            "{{" + " " * 300_000 + "x",
        ],
    )
    def test_strange_texts_are_answered(self, text: str) -> None:
        # With a pattern that tries again from every place these would take hours.
        assert template_language(text) in {None, "{{ }}", "Go", "Jinja", "ERB"}
        looks_relevant(text.encode())
