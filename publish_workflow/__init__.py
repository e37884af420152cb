"""The publish workflow: pure functions from plain values to the text of a workflow file.

The text is written line by line and not dumped, because PyYAML writes no comments and quotes the
key `on`, and the linters expect both in the usual form.
"""
