"""How large a file may be: what one upload may cost everybody else."""

from dataclasses import dataclass

from hoso.errors import FileHasNoPages, FileTooLarge, FileTooManyPages, PageTooLarge

_MEBIBYTE = 1024 * 1024
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold; each check refuses what goes beyond."""

    max_bytes: int
    max_pages: int
    max_page_pixels: int

    def check_size(self, size: int, *, name: str) -> None:
        """Refuse with FileTooLarge more than `max_bytes` bytes."""
        if size > self.max_bytes:
            raise FileTooLarge(name=name, limit_mb=self.max_bytes // _MEBIBYTE)

    def check_pages(self, pages: int, *, name: str) -> None:
        """Refuse with FileHasNoPages or FileTooManyPages."""
        if not pages:
            raise FileHasNoPages(name=name)
        if pages > self.max_pages:
            raise FileTooManyPages(name=name, pages=pages, limit=self.max_pages)

    def check_page(self, pixels: int, *, name: str, page: int) -> None:
        """Refuse with PageTooLarge a picture of more than `max_page_pixels` on page `page`."""
        if pixels > self.max_page_pixels:
            raise PageTooLarge(
                name=name,
                page=page,
                megapixels=round(pixels / _MILLION),
                limit=round(self.max_page_pixels / _MILLION),
            )
