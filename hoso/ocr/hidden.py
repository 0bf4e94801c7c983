"""Invisible text that another program laid over a scan, taken off before ours is laid on."""

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

_INVISIBLE = 3
_WRITES = frozenset({"Tj", "TJ", "'", '"'})
_DEEPEST_FORM = 8


def remove_hidden_text(page: pikepdf.Page, pdf: pikepdf.Pdf) -> None:
    """Drop the operators that write invisibly, in forms too; all that is seen stays.

    Two layers would make every word be found twice. Does nothing if none do.
    """
    instructions = list(pikepdf.parse_content_stream(page))
    seen = _Visible(page.resources).of(instructions)
    if len(seen) < len(instructions):
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(seen))


class _Visible:
    """What can be seen of a content stream that draws with `resources`.

    `mode` is the text rendering mode at its beginning: a form goes on with its drawer's.
    """

    def __init__(self, resources: Any, mode: int = 0, depth: int = 0) -> None:
        self.resources, self.mode, self.depth = resources, mode, depth
        self.saved: list[int] = []

    def of(self, instructions: Sequence[Any]) -> list[Any]:
        """The instructions without those that write invisibly."""
        seen = list(self.each_of(instructions))
        if any(str(instruction.operator) in _WRITES for instruction in seen):
            return seen
        # A font that is chosen and never used would still have to be embedded.
        return [instruction for instruction in seen if str(instruction.operator) != "Tf"]

    def each_of(self, instructions: Sequence[Any]) -> Iterator[Any]:
        """The same in turn."""
        for instruction in instructions:
            match str(instruction.operator):
                case "q":
                    self.saved.append(self.mode)
                case "Q":
                    self.mode = self.saved.pop() if self.saved else self.mode
                case "Tr":
                    self.mode = int(instruction.operands[0])
                case "Do":
                    self.clear_form(instruction.operands[0])
                case operator if operator in _WRITES and self.mode == _INVISIBLE:
                    continue
            yield instruction

    def clear_form(self, name: Any) -> None:
        """Do the same to a form that is drawn here."""
        form = self.resources.get("/XObject", {}).get(name)
        if self.depth == _DEEPEST_FORM or not isinstance(form, pikepdf.Stream):
            return
        if form.get("/Subtype") != "/Form":
            return
        instructions = list(pikepdf.parse_content_stream(form))
        resources = form.get("/Resources", self.resources)
        seen = _Visible(resources, self.mode, self.depth + 1).of(instructions)
        if len(seen) < len(instructions):
            form.write(pikepdf.unparse_content_stream(seen))
