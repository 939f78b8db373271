"""The built-in rules of ekslint: one file a rule, one package a category."""
