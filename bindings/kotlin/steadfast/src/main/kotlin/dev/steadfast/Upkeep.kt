package dev.steadfast

/**
 * Looks at everything and changes nothing: SQLite's own check, every track's checksums, every summary against its track. Damage is no error but
 * a finding. Cancelled with its coroutine.
 *
 * @throws SteadfastException a storage error.
 */
public suspend fun Maintenance.checkIntegrity(): IntegrityReport = cancellable { checkIntegrity(it) }

/**
 * Mends what can be mended; nothing is deleted. Cancelled with its coroutine: what was committed by then is returned, else nothing was changed.
 *
 * @throws SteadfastException a storage error.
 */
public suspend fun Maintenance.repair(): RepairReport = cancellable { repair(it) }
