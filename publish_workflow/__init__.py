"""The publish workflow as a document: pure functions from plain values to YAML text.

The text is written, not dumped: PyYAML reads the key `on` as true and writes no comments, and the linters want both right.
"""
