"""The program `vbhc`, also as `python -m vbhc`: Ctrl-C is answered before anything slow is imported."""

from __future__ import annotations

from vbhc import stop


def main() -> None:
    """Run the command line."""
    stop.take_over()
    from vbhc.cli import main as commands

    commands()


if __name__ == "__main__":
    main()
