"""`tuicrm` and `python -m tuicrm`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Answered before anything is imported: scripts ask this often.
        from tuicrm import __version__

        sys.stdout.write(f"tuicrm {__version__}\n")
        return
    if "_TUICRM_COMPLETE" in os.environ:
        # A shell asks what may come next: neither Typer nor a traceback has a place there.
        from tuicrm.cli.completing import answer

        answer(arguments)
        return
    from tuicrm.cli.run import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
