"""The report on savings as rows: for a terminal, a page, and a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence

from hoso.clock import local
from hoso.dossier.savings import FIGURES, Counts, Share
from hoso.dossier.savings_report import Part, Report
from hoso.dossier.savings_words import DOUBTS, NOTHING, proof_sentence
from hoso.dossier.savings_words import FIGURES as WORDS

SHARES = ("digitised_share", "reuse_share", "store_share")
# What a table on a page has room for; a spreadsheet gets every figure.
COLUMNS = (
    "dossiers", "papers_new", "papers_reused", "pages_not_asked", "copies_not_asked",
    "trips_not_asked",
)  # fmt: skip

# What the figures above are made of: these, counted again from the files, are what a proof is.
BASIS = (
    "dossiers", "papers", "papers_new", "papers_reused", "papers_kept", "pages", "pages_new",
    "pages_reused", "lines_spared", "pages_not_asked", "reused_not_counted", "results",
    "results_kept", "with_paper_kept", "with_result_kept", "digitised", "with_reuse",
    "with_paper_from_store",
)  # fmt: skip

_SPLITS = {
    "vi": {"fields": "Lĩnh vực", "procedures": "Thủ tục", "desks": "Quầy", "total": "Tổng số"},
    "en": {"fields": "Field", "procedures": "Procedure", "desks": "Desk", "total": "Total"},
}
_HEAD = {
    "vi": ("Từ ngày", "Đến hết ngày", "Số liệu lúc", "Kiểm chứng", "Theo", "Mã", "Tên"),
    "en": ("From", "To", "As of", "Proof", "By", "Key", "Name"),
}
DIFFERENCE_HEADINGS = {
    "vi": ("Hồ sơ", "Giấy tờ", "Không khớp vì", "Trang đã ghi", "Trang trong tệp"),
    "en": ("Dossier", "Paper", "Does not agree because", "Pages noted", "Pages in the file"),
}
BASIS_HEADINGS = {
    "vi": ("Số liệu", "Theo cơ sở dữ liệu", "Đếm lại từ tệp lưu"),
    "en": ("Figure", "By the database", "Counted again from stored files"),
}
OLDEST = {"vi": "Tệp được mở lại lâu nhất:", "en": "The file opened longest ago:"}
_PERIOD = {
    "vi": "Hồ sơ tiếp nhận từ {first} đến hết {last}, theo số liệu lúc {at}{open}.",
    "en": "Dossiers received from {first} to the end of {last}, as of {at}{open}.",
}
_OPEN = {"vi": " (kỳ chưa kết thúc)", "en": " (the period is not over)"}
_LEFT_OUT = {
    "vi": "Không tính: {old} hồ sơ cũ được số hóa, {not_received} hồ sơ không được tiếp nhận.",
    "en": "Not counted: {old} digitised old dossiers, {not_received} that were not received.",
}
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def headings(language: str) -> list[str]:
    """Over the columns of `row`, but for the first, which names the part."""
    return [WORDS[language][name] for name in (*COLUMNS, *SHARES)]


def row(counts: Counts, language: str) -> list[str]:
    """One part's figures, its shares with what they are a part of."""
    figures = [str(getattr(counts, name)) for name in COLUMNS]
    return figures + [share_words(getattr(counts, name), language) for name in SHARES]


def share_words(share: Share, language: str) -> str:
    """Like `1/3 (33.33 %)`."""
    return f"{share.part}/{share.whole} ({percent_words(share, language)})"


def percent_words(share: Share, language: str) -> str:
    """With two decimals, as the language writes them; a share of nothing is none."""
    if share.percent is None:
        return NOTHING[language]
    return f"{share.percent} %".replace(".", "," if language == "vi" else ".")


def splits(report: Report, language: str) -> Iterator[tuple[str, str, Sequence[Part]]]:
    """The three ways the total is split: a key, what it is called, its parts."""
    for key in ("fields", "procedures", "desks"):
        yield key, _SPLITS[language][key], getattr(report, key)


def total_word(language: str) -> str:
    """What the last row of every table is called."""
    return _SPLITS[language]["total"]


def proof_words(report: Report, language: str) -> str:
    """How far the report is proven, in one sentence."""
    proof = report.proof
    differing = len(proof.differences)
    return proof_sentence(language, papers=proof.papers, differing=differing, unread=proof.unread)


def period_words(report: Report, language: str) -> str:
    """Which dossiers are counted, as of when."""
    period = report.period
    return _PERIOD[language].format(
        first=f"{period.first:%d/%m/%Y}",
        last=f"{period.last:%d/%m/%Y}",
        at=f"{local(report.taken_at):%d/%m/%Y %H:%M}",
        open="" if period.is_over(report.taken_at) else _OPEN[language],
    )


def left_out_words(report: Report, language: str) -> str:
    """Which dossiers of the period are not counted."""
    return _LEFT_OUT[language].format(old=report.old, not_received=report.not_received)


def differences(report: Report, language: str) -> list[tuple[str, ...]]:
    """Every paper that does not agree with its stored file."""
    return [
        (
            each.dossier,
            each.component,
            DOUBTS[language][each.doubt],
            str(each.pages),
            "–" if each.stored_pages is None else str(each.stored_pages),
        )
        for each in report.proof.differences
    ]


def basis(report: Report, language: str) -> list[tuple[str, ...]]:
    """What the figures are made of, by the rows and, where all were opened, by the files."""
    by = [report.total, *([report.proof.counts] if report.proof.counts else [])]
    words = WORDS[language]
    return [(words[name], *(str(getattr(counts, name)) for counts in by)) for name in BASIS]


def uneven(report: Report, language: str) -> list[tuple[str, ...]]:
    """Those of them in which rows and files do not agree."""
    return [line for line in basis(report, language) if len(set(line[1:])) > 1]


def as_csv(report: Report, language: str) -> str:
    """Every figure of every part; each row says of which period and moment it is.

    Begins with a byte order mark, without which Excel takes UTF-8 for something else.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    names = [WORDS[language][name] for name in FIGURES]
    for name in SHARES:
        names += [WORDS[language][name], "/", "%"]
    writer.writerow([*_HEAD[language], *names])
    head = (
        report.period.first.isoformat(),
        report.period.last.isoformat(),
        local(report.taken_at).isoformat(timespec="seconds"),
        proof_words(report, language),
    )
    for _, word, parts in splits(report, language):
        for part in parts:
            named = (word, _harmless(part.key), _harmless(part.name))
            writer.writerow([*head, *named, *_cells(part.counts)])
    writer.writerow([*head, total_word(language), "", "", *_cells(report.total)])
    return "\ufeff" + written.getvalue()


def _cells(counts: Counts) -> Iterator[object]:
    for name in FIGURES:
        yield getattr(counts, name)
    for name in SHARES:
        share: Share = getattr(counts, name)
        yield from (share.part, share.whole, "" if share.percent is None else share.percent)


def _harmless(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text
