"""The appointment slip of a dossier, made anew each time it is asked for and read back first.

It needs the database only: with OCR, the object store or the network down, slips are issued.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from hoso.barcode.code import DossierCode
from hoso.barcode.slip import SlipComponent, SlipData, legal_qr_text, slip_pdf, verify_slip
from hoso.dossier import attachments, catalogue_store, dossiers
from hoso.dossier.numbers import parse_owner_number
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import Dossier
from hoso.errors import NoSlip


def slip_of(
    session: Session, dossier: Dossier, *, public_url: str, template: Path | None = None
) -> bytes:
    """Form 01 as PDF/A; refuses with `slip_unreadable` rather than give one no reader can read."""
    if dossiers.is_old(dossier):
        raise NoSlip(dossier=dossier.code)
    data = slip_data(session, dossier, public_url=public_url)
    pdf = slip_pdf(data, template=template)
    verify_slip(pdf, code=data.code, tracking_url=data.tracking_url, legal_text=data.legal_text)
    return pdf


def tracking_url(dossier: Dossier, public_url: str) -> str:
    """The public address in the slip's small QR; it names nobody."""
    return f"{public_url.rstrip('/')}/track/{dossier.tracking_token}"


def slip_data(session: Session, dossier: Dossier, *, public_url: str) -> SlipData:
    """What the slip says about a dossier."""
    office = catalogue_store.in_force(session).office
    submitter = dossier.submitter
    code = DossierCode.parse(dossier.code)
    number = parse_owner_number(dossier.owner.number).printed
    return SlipData(
        code=code,
        superior=office.superior,
        agency=office.name,
        place=office.place,
        procedure_name=dossier.procedure["name"],
        procedure_code=dossier.procedure_code,
        owner=dossier.owner.name,
        submitter=submitter["name"] or dossier.owner.name,
        address=submitter["address"],
        phone=submitter["phone"],
        email=submitter["email"],
        person_number=number,
        components=_rows(session, dossier),
        limit=dossier.procedure["limit"],
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        return_place=office.name,
        receiver=dossier.receiver,
        receiver_phone=office.phone,
        legal_text=legal_qr_text(
            code=code,
            procedure_code=dossier.procedure_code,
            person_number=number,
            issued_at=dossier.received_at,
            due_at=dossier.due_at,
        ),
        tracking_url=tracking_url(dossier, public_url),
    )


def _rows(session: Session, dossier: Dossier) -> list[SlipComponent]:
    """Every requirement asked for, and the optional ones that were handed in.

    What is only presented was not received, and must not seem so.
    """
    rules = catalogue_store.of_dossier(session, dossier).paper_rules
    attached = attachments.of_dossier(session, dossier.code)
    by_key = {entry.requirement: entry for entry in attached}
    rows = []
    for requirement in attachments.requirements_of(dossier):
        entry = by_key.get(requirement.key)
        presented = all(rules[kind].reuse is Reuse.PRESENTED_ONLY for kind in requirement.any_of)
        if presented or (entry is None and not requirement.is_required(dossier.cases)):
            continue
        reused = entry is not None and entry.reused
        rows.append(
            SlipComponent(
                name=requirement.name,
                originals=0 if reused else requirement.originals,
                copies=0 if reused else requirement.copies,
                reused=reused,
            )
        )
    return rows
