//! Programs that measure the project; each prints a table.
