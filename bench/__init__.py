"""Benchmarks: what hoso costs on this machine, each a table and the command that prints it.

`scripts/bench ocr|reading|codes|orientation|blank|quality|papers|duplicates`, and
`scripts/bench memory|lookup|handoff|capacity|scale`.
Nothing here is a test: figures depend on the machine, so every table says which one it was. Papers
are those of `tests.paper`.
"""
