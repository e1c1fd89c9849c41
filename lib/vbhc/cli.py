"""The program `vbhc`, also as `python -m vbhc.cli`: Ctrl-C is answered before anything slow is imported."""

from vbhc.run import stop


def main() -> None:
    """Run the command line (`vbhc.run.commands`)."""
    stop.take_over()
    from vbhc.run.commands import main as commands

    commands()


if __name__ == "__main__":
    main()
