"""`bildungsnavi`, and `python -m api`: the command line, begun without looking for garbage.

All that is made at the start stays, so looking through it again and again would only take time: a fifth of the start.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Read the program, then run the command line."""
    gc.disable()
    from api.cli import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
