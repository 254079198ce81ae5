import { type ClassType, Directive, Field, ObjectType } from 'type-graphql'
import type { Page, PageRequest } from '../../domain/shared/pages'
import type { CursorCodec } from './cursor'

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page stands in its list.' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow.' })
  readonly hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether the page was asked for after a cursor.' })
  readonly hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first row; null on an empty page.' })
  readonly startCursor!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row, for the next `after`; null on an empty page.',
  })
  readonly endCursor!: string | null
}

/** Declares `<name>Connection` and `<name>Edge`. Call it once per subgraph and name: the classes belong to the subgraph. */
export function connectionType(name: string, nodeType: () => ClassType) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} in a list, and its cursor.` })
  class Edge {
    @Field(nodeType, { description: 'The row.' })
    readonly node!: object

    @Field(() => String, { description: 'For `after`: the page that starts behind this row.' })
    readonly cursor!: string
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [Edge], { description: 'The rows with their cursors.' })
    readonly edges!: readonly Edge[]

    @Field(() => [nodeType()], { description: 'The rows alone.' })
    readonly nodes!: readonly object[]

    @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
    readonly pageInfo!: PageInfo
  }
  return ConnectionType
}

/** A page as a connection. What nobody asks for is not made: edges and cursors are getters. */
export class Connection<Row extends object> {
  constructor(
    private readonly page: Page<Row>,
    private readonly request: PageRequest,
    private readonly cursorOf: (row: Row) => string,
  ) {}

  get nodes(): readonly Row[] {
    return this.page.rows
  }

  get edges(): readonly Edge<Row>[] {
    return this.page.rows.map((row) => new Edge(row, this.cursorOf))
  }

  get pageInfo(): PageInfo {
    const { rows, hasNext } = this.page
    const [first, last] = [rows[0], rows.at(-1)]
    return {
      hasNextPage: hasNext,
      hasPreviousPage: this.request.after !== null,
      startCursor: first ? this.cursorOf(first) : null,
      endCursor: last ? this.cursorOf(last) : null,
    }
  }
}

class Edge<Row> {
  constructor(
    readonly node: Row,
    private readonly cursorOf: (row: Row) => string,
  ) {}

  get cursor(): string {
    return this.cursorOf(this.node)
  }
}

/** The cursor of a row, by its position in the list. */
export const cursorBy =
  <Row>(cursors: CursorCodec, positionOf: (row: Row) => string) =>
  (row: Row): string =>
    cursors.encode(positionOf(row))
