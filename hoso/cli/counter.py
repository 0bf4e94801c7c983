"""What a counter does: receive a dossier, look a person up, print a slip, see where it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hoso.archive_api.models import DecisionShown
    from hoso.dossier.asking import Ask

from hoso.cli.opening import AsJson, opened_archive
from hoso.cli.output import actor, say, say_json, table


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("receive")(receive)
    app.command("lookup")(lookup)
    app.command("slip")(slip)
    app.command("track")(track)
    app.command("search")(search)
    app.command("status")(status)


def receive(
    procedure: Annotated[
        str,
        typer.Argument(help="Procedure code, e.g. 1.001193; `hoso catalogue export` lists them."),
    ],
    number: Annotated[str, typer.Argument(help="Owner's citizen id or tax code; - reads it.")],
    name: Annotated[str, typer.Argument(help="Owner's name as printed.")],
    desk: Annotated[str, typer.Option(help="Desk that receives it.")] = "counter-1",
    receiver: Annotated[str, typer.Option(help="Clerk's name for the slip.")] = "",
    reuse: Annotated[
        list[str] | None,
        typer.Option(
            help="requirement=component that serves again: `key` and `component` of lookup --json."
        ),
    ] = None,
    ask_again: Annotated[
        list[str] | None,
        typer.Option(
            help="requirement=reason:note of a paper asked for although one is held: "
            "content_changed, illegible, original_needed, owner_wishes or other."
        ),
    ] = None,
    case: Annotated[
        list[str] | None, typer.Option(help="A special case of the procedure that holds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Receive a dossier: it has its code and due date at once."""
    from hoso.archive_api import show
    from hoso.dossier import attachments
    from hoso.dossier.numbers import parse_owner_number
    from hoso.dossier.receive import NewDossier
    from hoso.dossier.receive import receive as receive_dossier

    reused = dict(pair.partition("=")[::2] for pair in reuse or [])
    asked_again = dict(_ask(pair) for pair in ask_again or [])
    with opened_archive() as archive, archive.database.write() as session:
        at = archive.clock()
        new = NewDossier(
            procedure=procedure,
            owner_number=parse_owner_number(_secret(number), today=at.date()),
            owner_name=name,
            reused=reused,
            asked_again=asked_again,
            cases=frozenset(case or ()),
        )
        row = receive_dossier(session, new, desk=desk, by=actor(), receiver=receiver, at=at)
        if reused:
            attachments.papers_changed(session, archive.jobs, row.code)
        shown = show.dossier(session, row, public_url=archive.settings.public_url, language="vi")
    if as_json:
        say_json(shown.model_dump(mode="json"))
        return
    say(f"Mã hồ sơ {shown.code}, hẹn trả {shown.due_at:%H:%M ngày %d/%m/%Y}")
    for line in shown.due_explained:
        say(f"  {line}")


def _ask(given: str) -> "tuple[str, Ask]":
    """From `requirement=reason:note`."""
    from hoso.dossier.asking import Ask, AskReason

    requirement, _, why = given.partition("=")
    reason, _, note = why.partition(":")
    try:
        return requirement, Ask(AskReason(reason), note)
    except ValueError as unknown:
        raise typer.BadParameter(f"{reason}: {', '.join(AskReason)}") from unknown


def lookup(
    number: Annotated[str, typer.Argument(help="Citizen id or tax code; - reads it from input.")],
    procedure: Annotated[str | None, typer.Option(help="Judge this procedure's checklist.")] = None,
    purpose: Annotated[
        str, typer.Option(help="Why; it is kept in the log. Default: the procedure.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """What a person already has, what of it serves again, what is still needed."""
    from hoso.archive_api import show
    from hoso.dossier import owners
    from hoso.dossier.lookup import Lookup, look_up
    from hoso.dossier.numbers import parse_owner_number

    with opened_archive() as archive, archive.database.write() as session:
        at = archive.clock()
        parsed = parse_owner_number(_secret(number), today=at.date())
        asked = Lookup(number=parsed, purpose=purpose or procedure or "", procedure=procedure)
        held = look_up(session, asked, by=actor(), at=at)
        found = show.holdings(session, held, "vi")
    owners.refuse_unknown_old(parsed, held.owner)  # that somebody asked is noted by now
    if as_json:
        say_json(found.model_dump(mode="json"))
        return
    say(f"{found.owner_name or 'Chưa có giấy tờ nào'} ({parsed.masked})")
    table(
        ["Giấy tờ", "Số trang", "Hồ sơ", "Mã giấy tờ"],
        [(item.title, item.pages, item.dossier, item.id) for item in found.components],
    )
    if found.checklist:
        say("")
        table(
            ["Thành phần", "Trạng thái", "Vì sao"],
            [(item.name, _standing(item), item.sentence) for item in found.checklist],
        )


_STANDING = {"held": "✔ đã có", "held_not_reusable": "✘ phải nộp lại", "needed": "• cần nộp"}


def _standing(item: "DecisionShown") -> str:
    return "• xuất trình" if item.reason == "presented_only" else _STANDING[item.standing]


def slip(
    code: Annotated[str, typer.Argument(help="Dossier code.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="PDF to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the appointment slip (form 01), read back before it is given."""
    from hoso.dossier import dossiers, slips

    with opened_archive() as archive, archive.database.read() as session:
        row = dossiers.by_code(session, code)
        pdf = slips.slip_of(session, row, public_url=archive.settings.public_url)
    target = output or Path(f"{row.code}_BM-VP01.02.pdf")
    target.write_bytes(pdf)
    if as_json:
        say_json({"dossier": row.code, "output": str(target)})
    else:
        say(f"Giấy hẹn: {target}")


def track(
    code: Annotated[str, typer.Argument(help="Dossier code.")], as_json: AsJson = False
) -> None:
    """Who holds a dossier, since when, how long each desk had it, on time or not."""
    from hoso.archive_api import show
    from hoso.dossier import catalogue_store
    from hoso.dossier.trail import trail_of

    with opened_archive() as archive, archive.database.read() as session:
        at = archive.clock()
        found = trail_of(session, code, at=at)
        shown = show.trail(catalogue_store.in_force(session), found, at=at, language="vi")
    if as_json:
        say_json(shown.model_dump(mode="json"))
        return
    say(f"{shown.dossier}: {shown.status_name}, {_PUNCTUALITY[shown.punctuality]}")
    say(f"Đang giữ: {shown.holder_name}, từ {shown.since:%H:%M %d/%m/%Y}")
    table(
        ["Bộ phận", "Từ", "Đến", "Giữ"],
        [
            (
                visit.desk_name,
                f"{visit.since:%d/%m %H:%M}",
                f"{visit.until:%d/%m %H:%M}" if visit.until else "nay",
                _duration(visit.seconds),
            )
            for visit in shown.visits
        ],
    )


_PUNCTUALITY = {
    "early": "trước hạn",
    "on_time": "đúng hạn",
    "late": "quá hạn",
    "running": "còn trong hạn",
    "overdue": "đã quá hạn",
}


def search(
    words: Annotated[list[str], typer.Argument(help="Words that all stand on a page.")],
    limit: Annotated[int, typer.Option(min=1, max=100)] = 20,
    as_json: AsJson = False,
) -> None:
    """Find pages by their words; accents may be left out."""
    from hoso.archive_api import searching
    from hoso.archive_api.routes.search import shown

    asked = searching.Asked(words=" ".join(words), limit=limit)
    with opened_archive() as archive:
        with archive.database.read() as session:
            answer = searching.find_pages(session, asked)
            found = [shown(session, hit) for hit in answer.hits]
        with archive.database.write() as session:
            searching.note(session, asked, answer, by=actor(), at=archive.clock())
    if as_json:
        say_json([hit.model_dump(mode="json") for hit in found])
        return
    table(
        ["Hồ sơ", "Giấy tờ", "Trang", "Đoạn"],
        [(hit.dossier or "–", hit.component or "–", hit.place, hit.snippet) for hit in found],
    )


def status(
    code: Annotated[str, typer.Argument(help="Dossier code.")],
    to: Annotated[int, typer.Argument(help="National status code, 1–10.", min=1, max=10)],
    note: Annotated[str, typer.Option(help="A remark.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a dossier one step on: 4 in process, 5 supplement, 9 finished, 10 returned."""
    from hoso.dossier import dossiers
    from hoso.dossier.status import WORDS, Status

    with opened_archive() as archive, archive.database.write() as session:
        row = dossiers.change(session, code, Status(to), by=actor(), at=archive.clock(), note=note)
    said = WORDS["vi"][Status(row.status)]
    if as_json:
        say_json({"dossier": row.code, "status": row.status, "status_name": said})
    else:
        say(f"{row.code}: {said}")


def _secret(number: str) -> str:
    """The number itself, or a line of standard input: an argument shows in process lists."""
    return input().strip() if number == "-" else number


def _duration(seconds: int) -> str:
    minutes = seconds // 60
    return f"{minutes // 60} giờ {minutes % 60:02d} phút"
