"""Settings come from the environment, with defaults that need none."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from hoso.settings import load_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HOSO_")]:
        monkeypatch.delenv(name)


def test_database_and_objects_lie_in_the_data_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path))

    settings = load_settings()

    assert settings.database_url == f"sqlite:///{tmp_path}/hoso.db"
    assert settings.storage_url == f"file:{tmp_path}/objects"


def test_the_data_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings().data_dir == tmp_path / "hoso-data"


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_PORT", "9000")

    assert load_settings().port == 9000


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "database-url"
    secret.write_text("postgresql+psycopg://hoso:s3cret@db/hoso\n")
    monkeypatch.setenv("HOSO_DATABASE_URL_FILE", str(secret))

    assert load_settings().database_url == "postgresql+psycopg://hoso:s3cret@db/hoso"


@pytest.mark.parametrize(
    ("name", "value"),
    [("HOSO_PORT", "70000"), ("HOSO_MAX_PAGES", "0"), ("HOSO_PAGE_TIMEOUT_SECONDS", "soon")],
)
def test_an_impossible_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError):
        load_settings()


def test_no_processes_given_means_one_per_core(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().page_processes == len(os.sched_getaffinity(0))
    monkeypatch.setenv("HOSO_PROCESSES", "3")
    assert load_settings().page_processes == 3
