"""Pulumi components and resource functions, one GitHub noun in each module, secure by default.

A noun that is several objects on GitHub is a component: `(name, args, opts)`. A noun that is one
object is a function that returns the provider's resource with the safe options set.

Deliberately absent: configuration and queries. Components take plain values and `Input`s. A plain
value in an args class decides which resources exist or what they are named.
"""
