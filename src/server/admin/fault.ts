/** A request to `/admin` that is refused before anything is looked up. */
export class AdminFault extends Error {
  constructor(
    readonly status: 400 | 401 | 404,
    readonly code: 'INVALID_BODY' | 'UNAUTHENTICATED' | 'TENANT_NOT_FOUND',
    message: string,
  ) {
    super(message)
  }
}
