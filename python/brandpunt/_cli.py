"""The ``brandpunt`` command: the same program as the one built by cargo."""

import sys

from brandpunt import _brandpunt


def main() -> int:
    """Run the command with the arguments of this process, and return its exit status."""
    return _brandpunt.command(sys.argv)
