"""Chooses the real thing behind every promise, and nothing else.

`works` is not imported here: only workers need to load what reads and archives.
"""

from hoso.wiring.archive import Archive

__all__ = ["Archive"]
