"""Archiving as durable work: a component's stamped PDF/A, a dossier's bundle, both read back."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
from pdf2image import convert_from_path
from sqlalchemy.orm import Session

from hoso.barcode.code import DossierCode
from hoso.barcode.label import stamp_pdf
from hoso.barcode.read import read_codes
from hoso.dossier import attachments, catalogue_store, components, dossiers, slips
from hoso.dossier.catalogue import ComponentType
from hoso.dossier.retention import retained_until
from hoso.dossier.tables import Component, Page
from hoso.dossier.trust import Trust
from hoso.dossier.work import Workbench
from hoso.errors import StampUnreadable
from hoso.ocr.archive import ArchivePage, write_archive
from hoso.ocr.bundle import write_bundle
from hoso.ocr.reading import PageReading
from hoso.ocr.stamp import Stamp
from hoso.storage import kept
from hoso.storage.retention import retain_where_possible
from hoso.storage.store import StoredObject

_WRITE_SECONDS = 600.0
_CHECK_DPI = 200

# What `Component.stamp` says of the archived copy.
STAMPED = "read_back"
SIGNED_ORIGINAL = "signed_original"


def archive_component(bench: Workbench, component_id: str) -> str:
    """Archive one paper and have its dossiers bundled; gives its batch's id.

    Doing it again changes nothing, and mends what a kill between the two left out.
    """
    with bench.database.read() as session:
        component = components.by_id(session, component_id)
        kind = catalogue_store.component_type(session, component.type)
        pages = [entry.page for entry in component.pages]
        readings = [_reading_of(page) for page in pages]
    if component.archived is None:
        _archive(bench, component, pages, readings, kind)
    # A transaction of its own: whoever was attaching the paper to a dossier has committed by now.
    with bench.database.write() as session:
        for dossier_code in attachments.dossiers_with(session, component_id):
            attachments.papers_changed(session, bench.jobs, dossier_code)
    return component.batch_id


def _archive(
    bench: Workbench,
    component: Component,
    pages: list[Page],
    readings: list[str],
    kind: ComponentType,
) -> None:
    """Keep the archived copy; what its type says must be retained is so before that counts.

    An electronically signed original is its own archived copy: any change would break it.
    """
    written = None
    if component.trust != Trust.E_SIGNED:
        written = _write(bench, component, pages, readings, kind.title)
    archived = written.sha256 if written else component.original
    until = retained_until(kind, component.created_at)
    retain_where_possible(bench.store, (component.original, archived), until)
    with bench.database.write() as session:
        row = components.by_id(session, component.id, lock=True)
        if row.archived:  # another worker thought it was its own, and was quicker
            return
        if (row.type, row.dossier_code) != (component.type, component.dossier_code):
            return  # filed otherwise meanwhile: a job of its own writes that
        if written:
            kept.note(session, written, at=bench.clock())
        row.archived, row.stamp = archived, STAMPED if written else SIGNED_ORIGINAL
        row.failure = None


def bundle_dossier(bench: Workbench, dossier_code: str) -> None:
    """Write the dossier as one PDF/A: the slip, then every archived paper."""
    with bench.database.read() as session:
        dossier = dossiers.by_code(session, dossier_code)
        parts = _parts_of(session, dossier_code)
        slip = slips.slip_of(session, dossier, public_url=bench.public_url)
    if not all(parts):
        return
    with ExitStack() as open_copies:
        folder = open_copies.enter_context(bench.scratch())
        (folder / "slip.pdf").write_bytes(slip)
        paths = [folder / "slip.pdf"]
        paths += [open_copies.enter_context(bench.store.local_copy(str(part))) for part in parts]
        target = folder / "bundle.pdf"
        bench.try_isolated(bundle_in_child, paths, target, dossier_code, seconds=_WRITE_SECONDS)
        stored = bench.store.put_file(target)
    with bench.database.write() as session:
        row = dossiers.by_code(session, dossier_code, lock=True)
        # What has changed since has put a round of its own; the older bundle must not come last.
        if parts == _parts_of(session, dossier_code):
            if row.bundle_sha256 and row.bundle_sha256 != stored.sha256:
                kept.forget(session, row.bundle_sha256)  # the new bundle takes its place
            kept.note(session, stored, at=bench.clock())
            row.bundle_sha256 = stored.sha256


def _parts_of(session: Session, dossier_code: str) -> list[str | None]:
    """The archived copies of the dossier's papers; None where one is still to come."""
    return [entry.component.archived for entry in attachments.of_dossier(session, dossier_code)]


def _write(
    bench: Workbench,
    component: Component,
    pages: list[Page],
    readings: list[str],
    title: str,
) -> StoredObject:
    code = component.dossier_code
    stamp = stamp_pdf(DossierCode.parse(code))
    with ExitStack() as open_copies:
        folder = open_copies.enter_context(bench.scratch())
        sources = {
            source: open_copies.enter_context(bench.store.local_copy(source))
            for source in sorted({page.source for page in pages})
        }
        places = [
            (sources[page.source], page.place, reading)
            for page, reading in zip(pages, readings, strict=True)
        ]
        target = folder / "archived.pdf"
        bench.try_isolated(
            archive_in_child,
            places,
            target,
            (f"{title} – {code}", code, component.original),
            stamp,
            seconds=_WRITE_SECONDS,
        )
        return bench.store.put_file(target)


def archive_in_child(
    places: list[tuple[Path, int, str]],
    target: Path,
    names: tuple[str, str, str],
    stamp: bytes,
) -> None:
    """Write the archived copy and read its stamp back. Runs in a child process.

    `places`: source, page number and reading as JSON; `names`: title, dossier code, SHA-256 of
    the original. Raises StampUnreadable when no reader of ours can read the stamp.
    """
    title, code, original = names
    pages = [
        ArchivePage(source, number, PageReading.from_json(reading))
        for source, number, reading in places
    ]
    write_archive(
        pages,
        target,
        title=title,
        identifier=code,
        source_sha256=original,
        stamp=Stamp(stamp),
    )
    _read_back(target, code)


def bundle_in_child(parts: list[Path], target: Path, code: str) -> None:
    """Write the bundle and read the slip's barcode back. Runs in a child process."""
    write_bundle(parts, target, title=f"Hồ sơ {code}", identifier=code)
    _read_back(target, code)


def _read_back(pdf: Path, code: str) -> None:
    image = convert_from_path(pdf, dpi=_CHECK_DPI, first_page=1, last_page=1, grayscale=True)[0]
    if code not in {found.text for found in read_codes(np.asarray(image), _CHECK_DPI)}:
        raise StampUnreadable(dossier=code)


def _reading_of(page: Page) -> str:
    """Blank and failed pages stand in the archived copy without words."""
    return page.reading or PageReading(()).to_json()
