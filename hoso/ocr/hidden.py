"""Invisible text that another program laid over a scan, taken off before ours is laid on."""

from collections.abc import Iterator
from typing import Any

import pikepdf

_INVISIBLE = 3
_WRITES = frozenset({"Tj", "TJ", "'", '"'})


def remove_hidden_text(page: pikepdf.Page, pdf: pikepdf.Pdf) -> None:
    """Drop the operators that write invisibly; all that is seen stays. Does nothing if none do.

    Two layers would make every word be found twice. Text inside forms is not looked at.
    """
    instructions = list(pikepdf.parse_content_stream(page))
    seen = list(_seen(instructions))
    if len(seen) < len(instructions):
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(seen))


def _seen(instructions: list[Any]) -> Iterator[Any]:
    mode, saved = 0, []
    for instruction in instructions:
        match str(instruction.operator):
            case "q":
                saved.append(mode)
            case "Q":
                mode = saved.pop() if saved else mode
            case "Tr":
                mode = int(instruction.operands[0])
            case operator if operator in _WRITES and mode == _INVISIBLE:
                continue
        yield instruction
