import type { EntryTemplate, MembersWithJournals, TextPage } from '../../domain/points/activity'
import type { MemberId } from '../../domain/shared/ids'
import type { PageRequest } from '../../domain/shared/pages'

/** A page of a journal as it is written in one place of an answer. */
export interface WrittenJournal extends PageRequest {
  readonly template: EntryTemplate
}

/** Journals of this request that were read with their members, until they are resolved. */
export class JournalsAhead {
  private readonly known = new Map<
    EntryTemplate,
    PageRequest & { readonly pages: ReadonlyMap<MemberId, TextPage> }
  >()

  put({ rows, journals }: MembersWithJournals, { template, first, after }: WrittenJournal): void {
    const pages = new Map<MemberId, TextPage>()
    for (const [index, { id }] of rows.entries()) {
      const journal = journals[index]
      if (journal) pages.set(id, journal)
    }
    this.known.set(template, { first, after, pages })
  }

  /** Null: it was not read, or another page of it. */
  of(member: MemberId, { template, first, after }: WrittenJournal): TextPage | null {
    const known = this.known.get(template)
    return known && known.first === first && known.after === after ? (known.pages.get(member) ?? null) : null
  }
}
