"""Work owed after a commit: the queue and its worker.

Owns: jobs, their leases, order, back-off and dead letters.
Knows nothing of: what a job means; rooms register handlers by topic.
Start reading at: `posting`, then `working`.
"""
