"""What lies in deploy/ names only what exists: settings, commands, figures."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from hoso.archive_api.metrics import Metrics
from hoso.settings import Settings
from hoso.wiring import Archive
from hoso.wiring.figures import Figures
from tests.docs import reference

DEPLOY = reference.ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# Told only where there is something to tell: after a first backup.
_SOMETIMES = {"hoso_backup_timestamp_seconds"}


def test_alerts_speak_of_figures_that_are_told(archive: Archive) -> None:
    metrics = Metrics(Figures(archive))
    metrics.observe("GET", "/livez", 200, 0.01)
    told = set(re.findall(r"^# TYPE (\S+)", metrics.text().decode(), re.MULTILINE)) | _SOMETIMES
    told |= {f"{name}_{part}" for name in told for part in ("bucket", "count", "sum")}
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0][
        "rules"
    ]

    named = {name for rule in rules for name in re.findall(r"\bhoso_\w+", rule["expr"])}

    assert named - told == set()
    assert all(rule["annotations"].keys() == {"summary", "todo"} for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}


@pytest.mark.parametrize(
    "unit",
    UNITS,
    ids=lambda unit: unit.name,
)
def test_units_start_commands_that_exist(unit: Path) -> None:
    commands = {words.split()[0] for words, _ in reference.commands()}
    said = configparser.ConfigParser(strict=False, interpolation=None)
    said.optionxform = str  # names keep their capitals
    said.read_string(unit.read_text(encoding="utf-8"))

    words = said["Service"]["ExecStart"].split()

    assert words[0] == "/usr/lib/hoso/bin/hoso"
    assert words[1] in commands


def test_units_share_their_walls_by_their_names() -> None:
    assert all(unit.name.startswith("hoso-") for unit in UNITS)
    assert (DEPLOY / "systemd" / "hoso-.service.d" / "10-common.conf").exists()


def test_containers_are_told_settings_that_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    known = {f"HOSO_{name.upper()}" for name in Settings.model_fields}

    named = {
        name.removesuffix("_FILE")
        for service in compose["services"].values()
        for name in service.get("environment", {})
        if name.startswith("HOSO_")
    }

    assert named - known == set()


def test_containers_change_nothing_but_their_data_folder() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))

    for service in ("migrate", "web", "worker"):
        assert compose["services"][service]["read_only"] is True
        assert compose["services"][service]["cap_drop"] == ["ALL"]
