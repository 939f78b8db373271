"""The documentation of the engine's own findings: what a rule says in its docstring."""

from collections.abc import Mapping

DOCUMENTATION: Mapping[str, str] = {
    "complex-key": """
        A key of a mapping is not a plain string.

        ## Why is this bad?
        Kubernetes, eksctl and CloudFormation know YAML as another way to write JSON, and keys of JSON are strings. A
        list or a mapping as a key is rejected, and ekslint cannot lint what stands below it. The usual cause is a
        template: `replicas: {{ count }}` without quotes is a mapping as the key of a mapping.

        ## How to fix
        Put the placeholder in quotes, or lint the rendered files.
        """,
    "duplicate-key": """
        A key stands twice in one mapping.

        ## Why is this bad?
        YAML forbids it, and the tools disagree on what it means: eksctl rejects the file, kubectl and most parsers keep
        the last one and drop the first without a word. Whoever edits the first one changes nothing.

        ## How to fix
        Merge the two, or delete the one that is not meant. ekslint goes on with the last one. Where a whole object
        follows another, it is told once: write the line of `---` that is missing between the two.
        """,
    "expired-ignore": """
        The day until which a finding was ignored has passed.

        ## Why is this bad?
        Somebody promised to look again. The finding that was ignored is shown again from this day on.

        ## How to fix
        Mend what the finding is about and delete the ignore, or set a new day after `until=`, with the reason.

        ## When it stays silent
        Through the whole of the named day, and where the finding is gone: then the ignore is unused.
        """,
    "ignore-without-reason": """
        An ignore does not say why.

        ## Why is this bad?
        A reviewer cannot tell an accepted risk from a shortcut, and nobody dares to delete the ignore later.

        ## How to fix
        Write the reason behind two dashes: `# ekslint: ignore[rule] -- batch job, never serves traffic`.

        ## When it stays silent
        Unless `.ekslint.yaml` says `require-ignore-reason: true`.
        """,
    "internal-error": """
        A rule failed, so that what it looks for was not judged.

        ## Why is this bad?
        The file may have the problem that the rule is for. The fault is in ekslint, or in a plugin, not in the file.
        The other rules ran; the exit code is 2.

        ## How to fix
        Report it, with the rule, the message and the part of the file that it names. Until then, list the rule under
        `ignore` in `.ekslint.yaml`.
        """,
    "invalid-alias": """
        An alias or a merge key cannot be resolved.

        ## Why is this bad?
        `*name` needs an anchor `&name` earlier in the same document, must not stand inside of what it repeats, and `<<`
        takes a mapping or a list of mappings. Every YAML parser rejects the file.

        ## How to fix
        Anchors do not reach over `---`: repeat the anchor in each document, or write the value out.
        """,
    "invalid-encoding": """
        A file is not valid text.

        ## Why is this bad?
        YAML is UTF-8 (or UTF-16 and UTF-32 with a mark). A single byte of another encoding makes the tools reject the
        file, and nothing in it is linted. The usual cause is an editor that saves in Latin-1.

        ## How to fix
        Save the file as UTF-8.
        """,
    "syntax-error": """
        A document is not valid YAML or JSON.

        ## Why is this bad?
        No tool can read it, and nothing in the document is linted. Other documents of the file are.

        ## How to fix
        Mend the place that is shown, or the line above it: a missing quote, bracket or colon is often noticed late.

        ## When it stays silent
        Where the file is a template of Helm or a similar tool: see template-not-rendered.
        """,
    "template-not-rendered": """
        A file is the template of another tool, and was not linted.

        ## Why is this bad?
        What the template turns into is what runs on the cluster, and nobody has looked at it.

        ## How to fix
        Render it (`helm template`, `kustomize build`) and lint the result.

        ## When it stays silent
        Where the placeholders stand inside quotes, so that the file is YAML: then it is linted, and what the
        placeholders stand for counts as unknown.
        """,
    "too-deep": """
        A document nests too deep, or repeats itself too often through aliases.

        ## Why is this bad?
        No configuration that a person wrote looks like this, and reading on could take all memory. The document was
        not linted.

        ## How to fix
        Nest at most 200 levels, and write out what aliases of aliases multiply.
        """,
    "too-large": """
        A file is too large to be linted, or holds more resources, or a cluster more node pools, than are compared.

        ## Why is this bad?
        What is beyond the limit was not judged.

        ## How to fix
        Split it, or list it under `exclude` in `.ekslint.yaml` if it is not configuration.
        """,
    "unknown-ignore": """
        An ignore cannot be understood, or names a rule that does not exist.

        ## Why is this bad?
        It ignores nothing. Somebody believes that a finding was looked at and accepted.

        ## How to fix
        Name the rules, as findings show them in brackets:
        `# ekslint: ignore[rule, other-rule] until=2030-01-31 -- reason`. There is no ignore for everything, and none
        for a category: `.ekslint.yaml` has `ignore` and `per-file-ignores` for that.

        ## When it stays silent
        In a document that is not valid YAML, as it is not known there what is a comment.
        """,
    "unquoted-string": """
        A number or a boolean stands in a ClusterConfig where eksctl wants a string.

        ## Why is this bad?
        Without quotes YAML takes `1.30` for the number 1.3, and `yes` for true. eksctl does not turn it back into text,
        but refuses the whole file, also where the text would stay the same, as with `1.31`.

        ## How to fix
        Put the value in quotes.

        ## When it stays silent
        In manifests, where the API server refuses it, and in CloudFormation, whose scalars are all strings.
        """,
    "unreadable-file": """
        A file cannot be read.

        ## Why is this bad?
        It may declare what rules need to know: findings may be missing, and others may be wrong.

        ## How to fix
        Give the user who runs ekslint the right to read it, or list it under `exclude` in `.ekslint.yaml`.
        """,
    "unused-ignore": """
        An ignore ignores nothing.

        ## Why is this bad?
        The problem was mended, or the comment stands in the wrong place. An ignore that stays behind hides the same
        problem when it comes back.

        ## How to fix
        Delete it. If the finding still shows, move the ignore: to the end of the finding's own line, or onto a line of
        its own directly above the key or the list item, with the same indentation.

        ## When it stays silent
        For rules that did not run, and in documents that are not valid YAML.
        """,
    "wrong-type": """
        A value has another type than its field.

        ## Why is this bad?
        The tool that applies the file rejects it, and ekslint cannot know what was meant: rules that need the field
        stay silent.

        ## How to fix
        Write the type that the message names. A number in quotes is a string; a single item of a list needs its dash.
        """,
}
"""By name. The first line is the summary."""
