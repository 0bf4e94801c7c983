"""The report on what reuse spared, on a terminal, for programs and for spreadsheets."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import language, progress, say, say_json, table
from hoso.clock import local

if TYPE_CHECKING:
    from hoso.dossier.period import Period
    from hoso.dossier.savings_report import Report
    from hoso.wiring import Archive


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("savings")(savings)


def savings(
    first: Annotated[str, typer.Option("--from", help="First day, like 2026-11-01.")],
    last: Annotated[str, typer.Option("--to", help="Last day; it counts whole.")],
    prove: Annotated[
        bool,
        typer.Option("--prove", help="Open every stored file first: hash compared, pages counted."),
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="With --prove: go on with a proof begun within a day."),
    ] = False,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every figure of every part for a spreadsheet.")
    ] = False,
) -> None:
    """Count what nobody had to hand in again, and how much is digitised.

    Counted over the dossiers received on these days. With --prove it ends 1 where a stored file
    does not bear the figures out.
    """
    from hoso.dossier.period import parse_period

    period = parse_period(first, last)
    with opened_archive() as archive:
        report = _report(archive, period, prove=prove, resume=resume)
    if as_json:
        from hoso.archive_api.savings_shown import shown

        say_json(shown(report).model_dump(mode="json"))
    elif as_csv:
        from hoso.dossier import savings_table

        sys.stdout.write(savings_table.as_csv(report, language()))
    else:
        _say(report, language())
    if prove and not report.proof.holds:
        raise typer.Exit(1)


def _report(archive: "Archive", period: "Period", *, prove: bool, resume: bool) -> "Report":
    from hoso.preservation import proving

    bench = archive.caretaking
    if not prove:
        return proving.take_report(bench, period)
    with progress("savings", proving.files_to_prove(bench, period)) as step:
        return proving.proved_report(bench, period, resume=resume, step=step)


def _say(report: "Report", spoken: str) -> None:
    from hoso.dossier import savings_table as rows
    from hoso.dossier.savings_words import FIGURES, TITLE

    words = FIGURES[spoken]
    say(TITLE[spoken])
    say(rows.period_words(report, spoken))
    say(rows.proof_words(report, spoken))
    figures = ("pages_not_asked", "copies_not_asked", "trips_not_asked", "no_new_paper")
    named = [(words[name], getattr(report.total, name)) for name in figures]
    shares = [
        (words[name], rows.share_words(getattr(report.total, name), spoken)) for name in rows.SHARES
    ]
    say("")
    table(("", ""), [*named, *shares])
    total = (rows.total_word(spoken), *rows.row(report.total, spoken))
    for _, name, parts in rows.splits(report, spoken):
        say("")
        lines = [(part.name, *rows.row(part.counts, spoken)) for part in parts]
        table((name, *rows.headings(spoken)), [*lines, total])
    say("")
    say(rows.left_out_words(report, spoken))
    _say_differences(report, spoken)


def _say_differences(report: "Report", spoken: str) -> None:
    from hoso.dossier import savings_table as rows

    if report.proof.differences:
        say("")
        table(rows.DIFFERENCE_HEADINGS[spoken], rows.differences(report, spoken))
    if uneven := rows.uneven(report, spoken):
        say("")
        table(rows.BASIS_HEADINGS[spoken], uneven)
    if report.proof.oldest:
        say(f"{rows.OLDEST[spoken]} {local(report.proof.oldest):%d/%m/%Y %H:%M}.")
