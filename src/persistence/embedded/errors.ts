/** The embedded database cannot run here; the message says why and what to do instead. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed'
}

/** Another server holds the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  constructor(
    readonly dataDir: string,
    readonly holder: string,
  ) {
    super(
      `The data folder ${dataDir} is in use by another server (${holder}). ` +
        'Stop that one, or give this one a folder of its own with DATA_DIR.',
    )
  }
}

/** What nearly every failure of the embedded database can be answered with. */
export const USE_ANOTHER_DATABASE =
  'Set DATABASE_URL to a PostgreSQL 15 or newer to do without the embedded one.'

/** The code of an error of the operating system: `ENOENT`. */
export const errnoOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
