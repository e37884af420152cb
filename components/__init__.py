"""One GitHub noun in each module, secure by default.

Components take plain values and `Input`s; they read no configuration and look nothing up. A noun that is one object on GitHub
is a subclass of the provider's resource with the safe choices made; a noun that is several is a `ComponentResource`.
"""
