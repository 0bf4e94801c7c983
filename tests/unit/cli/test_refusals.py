"""What a person at the command line reads when something cannot be: a sentence, never a trace."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hoso.cli import serving
from hoso.cli.main import app, main
from hoso.cli.output import say, table
from hoso.errors import AddressTaken
from tests.builders import a_pdf
from tests.disks import small_disk


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_DATA_DIR", str(tmp_path / "data"))


def refused(*words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a command that must end 1."""
    monkeypatch.setattr(sys, "argv", ["hoso", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1


def run(*words: str) -> None:
    """Run a command that must end well."""
    app(words, standalone_mode=False)


def test_a_setting_that_cannot_be_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSO_PORT", "secret")

    refused("doctor", monkeypatch=monkeypatch)

    said = capsys.readouterr().err
    assert "HOSO_PORT" in said
    assert "secret" not in said


def test_a_data_folder_that_is_a_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "data").touch()

    refused("doctor", monkeypatch=monkeypatch)

    assert f"{tmp_path / 'data'}" in capsys.readouterr().err


def test_a_full_disk_is_said_as_such_and_keeps_no_half_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan = a_pdf(tmp_path / "scan.pdf")
    with small_disk(tmp_path / "full", kibibytes=4) as full:
        target = full / "sheets.pdf"
        refused("ocr", str(scan), "--output", str(target), monkeypatch=monkeypatch)

        assert "[store_full]" in capsys.readouterr().err
        assert not target.exists()


def test_a_database_file_that_is_none_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "data" / "hoso.db").mkdir(parents=True)

    refused("doctor", monkeypatch=monkeypatch)

    assert "[database_unusable]" in capsys.readouterr().err


def test_a_database_server_that_does_not_answer_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("HOSO_DATABASE_URL", f"postgresql://hoso:geheim@127.0.0.1:{port}/hoso")

    for command in ("doctor", "migrate"):
        refused(command, monkeypatch=monkeypatch)

        said = capsys.readouterr().err
        assert "[database_unusable]" in said
        assert "geheim" not in said
        assert said.count("\n") == 1


@pytest.mark.parametrize("url", ["mysql://hoso:geheim@db/hoso", "geheim"])
def test_a_database_that_is_neither_of_ours_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("HOSO_DATABASE_URL", url)

    refused("doctor", monkeypatch=monkeypatch)

    said = capsys.readouterr().err
    assert "HOSO_DATABASE_URL" in said
    assert "geheim" not in said


def test_an_output_in_a_folder_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "nowhere" / "sheets.pdf"

    refused("sheets", "birth_attestation", "-o", str(target), monkeypatch=monkeypatch)

    assert str(target) in capsys.readouterr().err


def test_an_address_in_use_is_refused_before_anything_is_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressTaken, match=str(port)), serving.bound("127.0.0.1", port):
            pass


def test_a_dossier_is_not_handed_to_the_desk_that_holds_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("receive", "1.001193", "092192498929", "Trịnh Thị Oanh")
    code = capsys.readouterr().out.split()[3].rstrip(",")

    refused("handoff", code, "--to", "counter-1", monkeypatch=monkeypatch)

    assert "chính mình" in capsys.readouterr().out


def test_brackets_in_a_file_name_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    say("Giấy [nhà].pdf")
    table(["Tệp"], [("Giấy [nhà].pdf",)])

    assert capsys.readouterr().out.count("[nhà]") == 2


def test_a_terminal_without_vietnamese_letters_fails_no_command() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hoso", "track", "H57.22.10-261122-0001"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert b"[dossier_unknown]" in ended.stderr
    assert b"Traceback" not in ended.stderr
