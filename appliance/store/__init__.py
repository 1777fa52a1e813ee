"""SQLite, through apsw alone: tables, transactions, jobs, audit, and every path on the disk."""
