"""Jobs are the portal's own account of its work: what they do is in the history of what they write."""

from archiveportal.history.registry import register

register(untraced={"jobs.job", "jobs.workerbeat"})
