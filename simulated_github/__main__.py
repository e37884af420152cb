"""The command `simulated-github --world encode --port 8080`, or `python -m simulated_github`."""

import argparse
import contextlib
import signal
import sys

from simulated_github.server import HOST, Server, create_app, listen
from simulated_github.world.world_file import WorldError


def main(command: str = "simulated-github") -> int:
    """Print the address and serve until SIGTERM or Ctrl-C.

    Return 1 when the world is invalid or the port is not available. `command` starts the program;
    the last word of it precedes each error.
    """
    parser = argparse.ArgumentParser(
        prog=command.split()[-1],
        usage=f"{command} [-h] [--world WORLD] [--port PORT]",
        description="A simulated GitHub on the loopback interface.",
    )
    parser.add_argument(
        "--world",
        default="encode",
        help="empty, encode or the path to a world file (default: encode)",
    )
    parser.add_argument(
        "--port", type=int, default=8080, help="0 chooses a free one (default: 8080)"
    )
    arguments = parser.parse_args()
    try:
        application = create_app(arguments.world)
        listener = listen(arguments.port)
    except (WorldError, OSError, OverflowError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    # uvicorn raises the signal again once it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    with listener, contextlib.suppress(KeyboardInterrupt):
        Server(application, lambda: print(address, flush=True)).run([listener])
    return 0


if __name__ == "__main__":
    sys.exit(main("python -m simulated_github"))
