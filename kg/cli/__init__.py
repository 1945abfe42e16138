"""The command line `kg`: each command calls one function of the library and prints what comes back."""

from kg.cli.main import main

__all__ = ["main"]
