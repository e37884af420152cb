"""Git over HTTP, for `git clone`, `git fetch` and `git push`.

Sources: git's documentation, "gitprotocol-http", "gitprotocol-pack" and "gitprotocol-capabilities"
(the smart protocol, version 0); GitHub's responses for refusals. Deliberately absent: version 2
(the server answers such a client in version 0, as the protocol provides), the "dumb" protocol,
partial clones, signed pushes and push options.
"""
