"""What those who run the service see: readiness by check, figures, one id a request."""

import shutil
import uuid
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text, update

from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.archive_api.guesses import MOST_FAILURES_OF_AN_ADDRESS
from hoso.dossier import handoffs
from hoso.dossier.handoffs import NewScan
from hoso.dossier.tables import Page
from hoso.jobs import WorkerBeat
from hoso.scanner_ingest.intake import WayIn
from hoso.telemetry.tally import Outcome, Tally
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from hoso.wiring.figures import Kept
from tests.builders import COUNTER, LAN, OFFICE, SetClock, a_component, a_dossier, a_pdf
from tests.serving import a_client, served

AClient = Callable[..., httpx.Client]


def a_worker_beats(archive: Archive, clock: SetClock) -> None:
    with archive.database.write() as session:
        session.merge(WorkerBeat(executor_id="here-1-abc", at=clock()))


def figure(client: httpx.Client, sample: str) -> float:
    """The value of one line of /metrics; fails where there is none."""
    lines = client.get("/metrics").text.splitlines()
    values = [line.rpartition(" ")[2] for line in lines if line.rpartition(" ")[0] == sample]
    assert values, f"{sample} is not told"
    return float(values[0])


# Readiness -----------------------------------------------------------------------------------


def test_it_is_ready_when_all_is_well(archive: Archive, client: AClient, clock: SetClock) -> None:
    a_worker_beats(archive, clock)

    answer = client().get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert {name: check["found"] for name, check in answer.json()["checks"].items()} == {
        "database": "ok", "store": "ok", "worker": "ok",
    }  # fmt: skip


def test_without_a_worker_the_counter_goes_on(client: AClient) -> None:
    answer = client().get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["worker"] == {"ok": False, "found": "none_alive"}


def test_a_worker_that_was_not_heard_of_for_long_is_not_alive(
    archive: Archive, client: AClient, clock: SetClock
) -> None:
    a_worker_beats(archive, clock)
    clock.advance(minutes=2)

    assert client().get("/readyz").json()["checks"]["worker"]["found"] == "none_alive"


def test_a_database_of_another_release_is_no_reason_for_requests(
    archive: Archive, client: AClient
) -> None:
    with archive.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = client().get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"]["database"] == {"ok": False, "found": "not_migrated"}
    assert client().get("/livez").status_code == 200


def test_a_store_whose_disk_is_not_mounted_is_noticed(archive: Archive, client: AClient) -> None:
    pdf = a_pdf(archive.settings.data_dir / "scan.pdf")
    take_in_file(archive, pdf, "scan.pdf", way_in=WayIn.COMMAND, by="test")
    shutil.rmtree(archive.settings.data_dir / "objects")

    answer = client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["store"] == {"ok": False, "found": "newest_object_missing"}


# Figures -------------------------------------------------------------------------------------


def test_requests_are_counted_by_their_route_and_not_by_their_path(
    archive: Archive, client: AClient
) -> None:
    dossier = a_dossier(archive)
    staff = client(Role.CLERK)
    staff.get(f"/api/v1/dossiers/{dossier.code}")
    staff.get("/api/v1/search", params={"q": "Nguyễn Thị Lan"})
    staff.get("/nothing/Lan")

    shown = client().get("/metrics").text

    for route, status in (("/api/v1/dossiers/{code}", 200), ("(none)", 404)):
        sample = f'hoso_requests_total{{method="GET",route="{route}",status="{status}"}}'
        assert figure(client(), sample) == 1
    assert dossier.code not in shown
    assert "Lan" not in shown


def test_a_method_that_somebody_made_up_is_no_label(client: AClient) -> None:
    client().request("FOO001185012345", "/livez")

    assert "001185012345" not in client().get("/metrics").text


def test_the_work_of_all_workers_is_told(archive: Archive, client: AClient) -> None:
    tally = Tally()
    for seconds in (0.3, 1.7):
        tally.count("page.read", Outcome.DONE, seconds)
    tally.count("page.read", Outcome.FAILED, 9.0)
    tally.flush(archive.database)

    shown = client()

    assert figure(shown, 'hoso_job_seconds_count{job="page.read"}') == 2
    assert figure(shown, 'hoso_job_seconds_bucket{job="page.read",le="0.5"}') == 1
    assert figure(shown, 'hoso_job_seconds_bucket{job="page.read",le="+Inf"}') == 2
    assert figure(shown, 'hoso_job_failures_total{job="page.read"}') == 1


def test_the_age_of_a_job_that_nobody_takes_is_told(
    archive: Archive, client: AClient, tmp_path: object
) -> None:
    pdf = a_pdf(archive.settings.data_dir / "scan.pdf")
    take_in_file(archive, pdf, "scan.pdf", way_in=WayIn.COMMAND, by="test")

    assert figure(client(), 'hoso_jobs_waiting{queue="counter"}') == 1
    assert figure(client(), "hoso_workers_alive") == 0


def test_what_was_set_aside_is_told(archive: Archive, client: AClient) -> None:
    component = a_component(archive, a_dossier(archive), "marriage_certificate")
    with archive.database.write() as session:
        session.merge(component).failure = "store_full"
        session.execute(update(Page).values(state="failed"))

    assert figure(client(), 'hoso_set_aside{kind="page"}') == 1
    assert figure(client(), 'hoso_set_aside{kind="paper"}') == 1
    assert figure(client(), 'hoso_set_aside{kind="file"}') == 0


def test_paper_dossiers_are_told_by_the_desk_that_holds_them(
    archive: Archive, client: AClient, clock: SetClock
) -> None:
    first, _ = a_dossier(archive), a_dossier(archive)
    at = clock.advance(minutes=5)
    with archive.database.write() as session:
        for desk, to in ((COUNTER, OFFICE), (OFFICE, None)):
            scan = NewScan(event_id=uuid.uuid4().hex, code=first.code, desk=desk, at=at, to=to)
            handoffs.record(session, scan, by="test", at=at)
            at = clock.advance(minutes=1)
    clock.advance(days=30)

    shown = client()

    assert figure(shown, f'hoso_dossiers_held{{desk="{COUNTER}"}}') == 1
    assert figure(shown, f'hoso_dossiers_held{{desk="{OFFICE}"}}') == 1
    assert figure(shown, "hoso_dossiers_open") == 2
    assert figure(shown, "hoso_dossiers_overdue") == 2


def test_a_dead_database_hides_no_other_figure(archive: Archive, client: AClient) -> None:
    with archive.database.write() as session:
        session.execute(text("DROP TABLE worker_beat"))

    shown = client()

    assert figure(shown, "hoso_database_up") == 0
    assert figure(shown, "hoso_disk_free_bytes") > 0


def test_figures_are_not_asked_for_at_every_scrape() -> None:
    asked = []
    kept = Kept(lambda: asked.append(1) or len(asked), seconds=3600)

    assert [kept(), kept(), kept()] == [1, 1, 1]


def test_what_cannot_be_had_is_asked_for_again_soon() -> None:
    def fail() -> int:
        asked.append(1)
        raise OSError

    asked: list[int] = []
    kept = Kept(fail, seconds=0, sparing=True)

    assert [kept(), kept()] == [None, None]
    assert len(asked) == 2


def test_a_proxy_on_this_machine_is_not_this_machine(client: AClient) -> None:
    answer = client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})

    assert (answer.status_code, answer.json()["code"]) == (403, "metrics_not_for_you")


def test_with_a_token_only_who_has_it_is_shown_figures(archive: Archive, client: AClient) -> None:
    archive.settings.metrics_token = SecretStr("the-right-one")

    def status(token: str) -> int:
        sent = {"Authorization": b"Bearer " + token.encode(), "X-Forwarded-For": b"203.0.113.7"}
        return client().get("/metrics", headers=sent).status_code

    assert client().get("/metrics").status_code == 403
    assert status("a-guess") == 403
    assert status("the-right-one") == 200


# Requests ------------------------------------------------------------------------------------


def test_a_request_keeps_the_id_its_proxy_gave_it(client: AClient) -> None:
    given = uuid.uuid4()

    answer = client().get("/livez", headers={"X-Request-ID": str(given)})

    assert answer.headers["x-request-id"] == given.hex


@pytest.mark.parametrize("given", ["001185012345", "lan@example.vn", "x" * 32, ""])
def test_an_id_that_might_tell_about_somebody_is_replaced(client: AClient, given: str) -> None:
    answer = client().get("/livez", headers={"X-Request-ID": given})

    assert answer.headers["x-request-id"] != given
    assert uuid.UUID(answer.headers["x-request-id"])


def test_a_refused_request_has_an_id_too(client: AClient) -> None:
    answer = client().post("/api/v1/lookups", json={"citizen_id": str(LAN)})

    assert answer.status_code == 401
    assert uuid.UUID(answer.headers["x-request-id"])


def test_an_address_that_guessed_too_often_cannot_sign_in(
    archive: Archive, clock: SetClock
) -> None:
    app = create_app(archive)
    for _ in range(MOST_FAILURES_OF_AN_ADDRESS):
        app.state.guesses.count("127.0.0.1", at=clock())
    with served(app) as at, a_client(at) as stranger:
        answer = stranger.post("/sign-in", data={"name": "lan", "password": "a guess"})
        assert answer.status_code == 503

        clock.advance(minutes=16)
        answer = stranger.post("/sign-in", data={"name": "lan", "password": "a guess"})
        assert answer.status_code == 401
