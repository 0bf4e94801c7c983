"""Files made by others are named in NOTICE with their licence."""

from tests.docs.reference import ROOT


def test_every_folder_of_vendored_files_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    folders = (ROOT / "hoso" / "archive_api" / "static" / "vendor").glob("*/")
    fonts = {path.parent for path in (ROOT / "hoso").rglob("*.ttf")}
    shipped = {str(path.relative_to(ROOT)) for path in [*folders, *fonts] if path.is_dir()}
    assert {folder for folder in shipped if f"{folder}/" not in notice} == set()
