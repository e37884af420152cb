"""The program of a stack: it reads settings and declares components.

In Pulumi's words, a stack is an instance of the program, such as `prod`. This package is what all
stacks share; `Pulumi.<stack>.yaml` has what differs between them.
"""
