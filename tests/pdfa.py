"""Two validators of PDF/A that know nothing of each other: pikepdf's and Apache's Preflight.

Preflight knows PDF/A-1b only, so it is shown a copy in 1b's dress; what it then complains of
and 2b allows is left out. From Debian: libpdfbox2-java libactivation-java libjaxb-api-java and
a Java runtime.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from pikepdf import pdfa

_JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "jaxb-api",
        "javax.activation",
    )
]
_FINE_IN_2B = (
    "2.1.6 ",  # an ICC profile of version 4
    "2.2.2 ",  # a soft mask
    "1.2.12 Body Syntax error, This filter isn't defined in the PDF Reference Third Edition : JPX",
    "2 Unknown graphics error, Cannot read JPEG2000",
)


def breaches(pdf: Path) -> list[str]:
    """What keeps the file from being PDF/A-2b, says pikepdf, which knows no JPEG 2000."""
    found = [str(finding) for finding in pdfa.validate_written(pdf, "2b").findings]
    return [finding for finding in found if "JPEG 2000 images are not supported" not in finding]


def breaches_by_preflight(pdfs: Sequence[Path], folder: Path) -> dict[str, set[str]]:
    """What Preflight has against the files, by name; those it likes are left out."""
    _need_preflight()
    dressed = folder / "dressed"
    dressed.mkdir()
    for pdf in pdfs:
        _dress_as_1b(pdf, dressed / pdf.name)
    subprocess.run(
        ["java", "-cp", ":".join(map(str, _JARS)), "org.apache.pdfbox.preflight.Validator_A1b",
         "xml", "group", dressed],
        check=True, capture_output=True,
    )  # fmt: skip
    report = ET.parse(f"{dressed}.preflight.xml").getroot()  # noqa: S314 - just written here
    verdicts = list(report.iter("preflight"))
    assert len(verdicts) == len(pdfs)
    found = {str(verdict.get("name")): _complaints(verdict) for verdict in verdicts}
    return {name: complaints for name, complaints in found.items() if complaints}


def _complaints(verdict: ET.Element) -> set[str]:
    errors = [
        (error.findtext("code"), error.findtext("details")) for error in verdict.iter("error")
    ]
    assert errors or verdict.findtext("isValid") == "true"
    complaints = {f"{code} {details}" for code, details in errors}
    return {complaint for complaint in complaints if not complaint.startswith(_FINE_IN_2B)}


def _dress_as_1b(pdf: Path, target: Path) -> None:
    with pikepdf.open(pdf) as opened:
        xmp = opened.Root.Metadata
        xmp.write(xmp.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
        opened.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            force_version="1.4",
            fix_metadata_version=False,
        )


def _need_preflight() -> None:
    if shutil.which("java") and all(jar.exists() for jar in _JARS):
        return
    missing = (
        "Apache Preflight is not installed: apt-get install libpdfbox2-java "
        "libactivation-java libjaxb-api-java default-jre-headless"
    )
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
