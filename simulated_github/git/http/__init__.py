"""Git over HTTP: what ``git clone``, ``git fetch`` and ``git push`` ask of a simulated GitHub.

Sources: git's own documentation, "gitprotocol-http", "gitprotocol-pack" and "gitprotocol-capabilities" (the smart protocol,
version 0); GitHub's answers for what it refuses. Deliberately absent: version 2 (a client that asks for it is answered in
version 0, as the protocol provides), the old "dumb" protocol, partial clones, signed pushes and push options.
"""
