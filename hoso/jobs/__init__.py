"""Work that outlives the process that asked for it.

A job is a name and a subject (an id). It is put in the caller's own transaction, so it exists
exactly when the rows it works on do. Jobs are run at least once: what they do must be harmless
when done again. DBOS keeps them in the same database; nothing outside this part knows DBOS.
"""

from hoso.jobs.beats import WorkerBeat
from hoso.jobs.jobs import Figures, Jobs, create_job_tables
from hoso.jobs.kinds import Job, Priority, Queue
from hoso.jobs.ledger import Entry, State
from hoso.jobs.worker import FailureHandler, Handler, Worker

__all__ = [
    "Entry",
    "FailureHandler",
    "Figures",
    "Handler",
    "Job",
    "Jobs",
    "Priority",
    "Queue",
    "State",
    "Worker",
    "WorkerBeat",
    "create_job_tables",
]
