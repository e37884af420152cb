"""``python -m simulated_github --world encode --port 8080``: serve until told to end."""

import argparse
import contextlib
import signal
import sys

from simulated_github.server import HOST, Server, create_app, listen
from simulated_github.world.world_file import WorldError


def main() -> int:
    """Print the address, serve, end cleanly on SIGTERM or Ctrl-C; 1 when world or port cannot be had."""
    parser = argparse.ArgumentParser(
        prog="simulated_github", description="A simulated GitHub on the loopback interface."
    )
    parser.add_argument(
        "--world",
        default="encode",
        help="empty, encode or the path of a world file (default: encode)",
    )
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one (default: 8080)")
    arguments = parser.parse_args()
    try:
        application = create_app(arguments.world)
        listener = listen(arguments.port)
    except (WorldError, OSError, OverflowError) as error:
        print(f"simulated_github: {error}", file=sys.stderr)
        return 1
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(0)
    )  # uvicorn raises a signal again once it has shut down
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    with listener, contextlib.suppress(KeyboardInterrupt):
        Server(application, lambda: print(address, flush=True)).run([listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
