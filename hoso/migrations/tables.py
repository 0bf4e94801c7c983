"""Every table of every part, gathered so that migrations can be proved equal to them."""

from hoso import jobs
from hoso.archive_api import tables as access
from hoso.audit import log as audit
from hoso.db import Table
from hoso.dossier import tables as dossier
from hoso.scanner_ingest import tables as scans

PARTS = (access, audit, dossier, jobs, scans)
TABLES = Table.metadata
