"""A release, rehearsed: the real engine, git, builder, uploader and index, around a simulated GitHub.

Each module holds one thing of it; `commands/rehearse.py` is the command.
"""
