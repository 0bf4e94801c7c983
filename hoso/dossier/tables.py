"""The archive's own tables: owners, dossiers, pages, components and desk scans.

A page belongs to the file it was scanned in (its SHA-256) and a place in it, so that reading it
is a function of those two alone; a component is a list of such pages.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from hoso.db import Moment, Table

# SQLite only counts up by itself on a column declared exactly INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


# What is counted each time somebody looks at the figures of a running service. The indexes below
# hold these rows only: few at any time, whatever the archive holds.
IN_HOUSE = text("status NOT IN (3, 7, 8, 10)")  # the paper dossier is with some desk
PAGE_FAILED = text("state = 'failed'")
COMPONENT_FAILED = text("failure IS NOT NULL")
STANDING = text("lifted_at IS NULL")
ASKED = text("state = 'read' AND harm IS NOT NULL")
NOT_ALONE = text("same_as IS NOT NULL")
KNOWN_AS = text("removed_at IS NULL")
MERGED = text("undone_at IS NULL")
UNANSWERED = text("answer IS NULL")

# What somebody says stands on a paper; its kind does not stand there word for word.
SAID = text("state IN ('confirmed', 'corrected') AND key <> 'component_type'")


def _only(name: str, column: str, where: Any) -> Index:
    """An index of those rows alone; a query finds it by saying the very same condition."""
    return Index(name, column, sqlite_where=where, postgresql_where=where)


class CatalogueFile(Table):
    """One data file of the catalogue as an office imported it, and the day from which it holds."""

    __tablename__ = "catalogue_file"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))  # of the text: tells a new one from the old
    imported_at: Mapped[datetime] = mapped_column(Moment)


class CatalogueVersion(Table):
    """The whole catalogue as a dossier was received under it. Only ever added."""

    __tablename__ = "catalogue_version"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 over all texts
    texts: Mapped[dict[str, str]] = mapped_column(JSON)  # every file's, by its name
    first_used_at: Mapped[datetime] = mapped_column(Moment)


class Owner(Table):
    """The person or organisation a paper concerns. Every path and log uses `id`, not `number`."""

    __tablename__ = "owner"
    __table_args__ = (_only("ix_owner_same_as", "same_as", NOT_ALONE),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # citizen | organisation
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Moment)
    # The same for all owners that are one: the least of their ids, by the merges that stand. None:
    # nobody else. A lookup would else follow the merges each time.
    same_as: Mapped[str | None] = mapped_column(String(32))
    # What a citizen's card vouched for, when, and who scanned it. None: no card did yet.
    birth_date: Mapped[date | None]
    card_seen_at: Mapped[datetime | None] = mapped_column(Moment)
    card_seen_by: Mapped[str | None] = mapped_column(String(80))


class OwnerAlias(Table):
    """An old 9-digit number that somebody said is a person's, until somebody takes it back."""

    __tablename__ = "owner_alias"
    __table_args__ = (
        Index(
            "uq_owner_alias_number",
            "number",
            unique=True,
            sqlite_where=KNOWN_AS,
            postgresql_where=KNOWN_AS,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))  # card | officer | paper
    reason: Mapped[str] = mapped_column(String(500))  # empty where a card says so
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)
    remove_reason: Mapped[str | None] = mapped_column(String(500))
    removed_by: Mapped[str | None] = mapped_column(String(80))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class OwnerMerge(Table):
    """A decision that two owners are one, until it is undone. No paper is moved by it."""

    __tablename__ = "owner_merge"
    __table_args__ = (_only("ix_owner_merge_standing", "one_id", MERGED),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    one_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Moment)
    undo_reason: Mapped[str | None] = mapped_column(String(500))
    undone_by: Mapped[str | None] = mapped_column(String(80))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class OwnerName(Table):
    """A name that an owner is found by; `number` is its row in the index of names."""

    __tablename__ = "owner_name"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    name: Mapped[str] = mapped_column(String(300))


class NameWord(Table):
    """A word of some owner's name, folded: what a mistyped word may have been meant to be."""

    __tablename__ = "name_word"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class CodeCounter(Table):
    """The last ordinal given out by an agency on a day."""

    __tablename__ = "code_counter"

    agency: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Dossier(Table):
    """One request by one owner for one procedure."""

    __tablename__ = "dossier"
    __table_args__ = (_only("ix_dossier_in_house", "due_at", IN_HOUSE),)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"), index=True)
    submitter: Mapped[dict[str, Any]] = mapped_column(JSON)
    procedure_code: Mapped[str] = mapped_column(String(40))
    # As it stood on the day of receipt: later changes of the catalogue do not touch this dossier.
    procedure: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The rules that hold for it (`CatalogueVersion`); None: those of today.
    catalogue_version: Mapped[str | None] = mapped_column(String(64))
    cases: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the procedure, that hold
    status: Mapped[int] = mapped_column(Integer)
    desk: Mapped[str] = mapped_column(String(40))  # where it was received: the first holder
    received_by: Mapped[str] = mapped_column(String(80))  # the account
    receiver: Mapped[str] = mapped_column(String(200))  # the name printed on the slip
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    due_steps: Mapped[list[Any]] = mapped_column(JSON)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    tracking_token: Mapped[str] = mapped_column(String(40), unique=True)
    bundle_sha256: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer, default=1)

    owner: Mapped[Owner] = relationship(lazy="joined")


class Page(Table):
    """One page of one scanned file: what was seen on it and what was read from it."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("source", "place"),
        _only("ix_page_failed", "id", PAGE_FAILED),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(String(64))  # SHA-256 of the file as PDF
    place: Mapped[int] = mapped_column(Integer)  # from 1
    state: Mapped[str] = mapped_column(String(20))  # seen | read | failed | skipped
    blank: Mapped[bool]
    codes: Mapped[list[Any]] = mapped_column(JSON)  # symbology, box, rung, our meaning; no raw text
    # Verdict, findings, measures of the picture; empty: nothing to judge (blank, or drawn as text).
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    failure: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float | None]
    text: Mapped[str] = mapped_column(Text, default="")
    reading: Mapped[str | None] = mapped_column(Text, deferred=True)  # words and boxes, as JSON
    # How its picture looks (`imaging.fingerprint`), in hexadecimal; None: nothing on it, or unread.
    fingerprint: Mapped[str | None] = mapped_column(String(64))


class Component(Table):
    """One paper: its owner, its type, its files; reusable when its type allows."""

    __tablename__ = "component"
    __table_args__ = (
        Index("ix_component_owner_type", "owner_id", "type"),
        _only("ix_component_failed", "id", COMPONENT_FAILED),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    type: Mapped[str] = mapped_column(String(60))
    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), index=True)
    batch_id: Mapped[str] = mapped_column(String(32), index=True)
    original: Mapped[str] = mapped_column(String(64))  # SHA-256 of the untouched file
    archived: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the stamped PDF/A
    stamp: Mapped[str | None] = mapped_column(String(30))  # read back, or why there is none
    failure: Mapped[str | None] = mapped_column(String(500))  # why it could not be archived
    kind: Mapped[int] = mapped_column(Integer, default=0)  # 0 component, 1 result
    trust: Mapped[str] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(120))
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    scope: Mapped[str | None] = mapped_column(String(40))  # agency id; None: valid everywhere
    created_at: Mapped[datetime] = mapped_column(Moment)
    # What its title says it is (`paper_fields.Guess`); None: not looked at, or no title found.
    guess: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    pages: Mapped[list["ComponentPage"]] = relationship(order_by="ComponentPage.position")
    marks: Mapped[list["ComponentMark"]] = relationship(
        primaryjoin=(
            "and_(ComponentMark.component_id == Component.id, ComponentMark.lifted_at.is_(None))"
        ),
        order_by="ComponentMark.id",
        viewonly=True,
    )
    # Set by queries that count the pages instead of loading them.
    counted_pages: Mapped[int | None] = query_expression()

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return len(self.pages) if self.counted_pages is None else self.counted_pages


class ComponentMark(Table):
    """What stands against using a paper, from when somebody said so until it is taken back."""

    __tablename__ = "component_mark"
    __table_args__ = (
        Index(
            "uq_component_mark_standing",
            "component_id",
            "kind",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"))
    kind: Mapped[str] = mapped_column(String(20))  # `marks.Mark`
    newer_id: Mapped[str | None] = mapped_column(ForeignKey("component.id"))  # takes its place
    reason: Mapped[str] = mapped_column(String(500))
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    lift_reason: Mapped[str | None] = mapped_column(String(500))
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class ComponentPage(Table):
    """Which pages make up a component, in order."""

    __tablename__ = "component_page"

    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), unique=True)

    page: Mapped[Page] = relationship(lazy="joined")


class ComponentField(Table):
    """One field of a paper: as it was read, and as somebody decided it reads."""

    __tablename__ = "component_field"
    __table_args__ = (
        UniqueConstraint("component_id", "key"),
        _only("ix_component_field_asked", "harm", ASKED),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(500))
    read: Mapped[str] = mapped_column(String(500))  # never changed: what the reader saw
    confidence: Mapped[float]
    page: Mapped[int] = mapped_column(Integer)  # its place in the component, from 1
    box: Mapped[list[float]] = mapped_column(JSON)  # x0, y0, x1, y1 in points from the upper left
    doubts: Mapped[list[str]] = mapped_column(JSON)
    harm: Mapped[int | None] = mapped_column(Integer)  # of a mistake here, 0 the worst
    state: Mapped[str] = mapped_column(
        String(20)
    )  # read | matched | agreed | confirmed | corrected
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Attachment(Table):
    """A component that serves a requirement of a dossier: newly submitted or reused."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("dossier_code", "component_id"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), index=True)
    requirement: Mapped[str | None] = mapped_column(String(80))  # its key; None: beyond the list
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"), index=True)
    reused: Mapped[bool]
    attached_at: Mapped[datetime] = mapped_column(Moment)
    attached_by: Mapped[str] = mapped_column(String(80))

    component: Mapped[Component] = relationship(lazy="joined")


class AskedAgain(Table):
    """A paper that was asked for although the archive holds one that serves, and why."""

    __tablename__ = "asked_again"

    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), primary_key=True)
    requirement: Mapped[str] = mapped_column(String(80), primary_key=True)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"))  # the one that serves
    reason: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)


class DuplicateQuestion(Table):
    """Two papers of an owner that may be one: what speaks for it and against, and what was said.

    `newer` came in later. `mark_id`: what the answer has placed; taken back with it.
    """

    __tablename__ = "duplicate_question"
    __table_args__ = (
        UniqueConstraint("newer_id", "older_id"),
        _only("ix_duplicate_question_open", "id", UNANSWERED),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    newer_id: Mapped[str] = mapped_column(ForeignKey("component.id"))
    older_id: Mapped[str] = mapped_column(ForeignKey("component.id"), index=True)
    agrees: Mapped[list[str]] = mapped_column(JSON)  # `duplicates.Point`
    differs: Mapped[list[str]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(String(20))  # same | new_version | separate
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    mark_id: Mapped[int | None] = mapped_column(ForeignKey("component_mark.id"))


class LegalHold(Table):
    """One hold on a dossier, from when it was placed until it is lifted."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold_standing",
            "dossier_code",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    lift_reason: Mapped[str | None] = mapped_column(String(500))
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class DeskScan(Table):
    """One scan of a dossier at a desk. Only ever added; who holds the dossier is derived."""

    __tablename__ = "desk_scan"

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), index=True)
    desk: Mapped[str] = mapped_column(String(40))
    action: Mapped[str | None] = mapped_column(String(10))
    to: Mapped[str | None] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StatusChange(Table):
    """One step of a dossier's status. Only ever added."""

    __tablename__ = "status_change"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    dossier_code: Mapped[str] = mapped_column(ForeignKey("dossier.code"), index=True)
    status: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(500), default="")


class FileProof(Table):
    """What a stored paper was found to be when it was last opened to prove a report."""

    __tablename__ = "file_proof"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    finding: Mapped[str | None] = mapped_column(String(20))  # None: its bytes are its own
    pages: Mapped[int | None] = mapped_column(Integer)  # None: they could not be counted
    proved_at: Mapped[datetime] = mapped_column(Moment)
