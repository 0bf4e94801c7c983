"""The command line: `hoso …`. Every command ends 0 (done), 1 (refused, said why) or 2 (usage)."""

from hoso.cli.main import main

__all__ = ["main"]
