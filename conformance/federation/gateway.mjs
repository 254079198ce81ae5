// A gateway made of MIT parts: a supergraph composed by the Guild's composer, executed by the engine of Hive Gateway.
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation'
import { execute, GraphQLError, parse, validate } from 'graphql'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const ours = createRequire(new URL('../../package.json', import.meta.url))

/** Composes subgraphs: `[{ name, url, sdl }]`. */
export async function composed(subgraphs) {
  const { composeServices, compositionHasErrors } = await import(
    ours.resolve('@theguild/federation-composition')
  )
  const { parse: parseOurs } = ours('graphql')
  const result = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parseOurs(sdl) })),
  )
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'))
  return result.supergraphSdl
}

/** Runs an operation over the subgraphs; the caller's credential is passed on to each. */
export function gatewayOf(supergraphSdl) {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    batch: true,
    httpExecutorOpts: {
      headers: (request) => ({ authorization: request?.context?.authorization ?? '' }),
    },
  })
  return async ({ query, variables, operationName }, authorization) => {
    const document = parse(query)
    const errors = validate(schema, document)
    if (errors.length > 0) return { errors }
    return execute({
      schema,
      document,
      variableValues: variables ?? {},
      operationName,
      contextValue: { authorization },
    })
  }
}

/** The same as an HTTP server. */
export async function serveGateway(run, port) {
  const server = createServer((request, response) => {
    answer(run, request).then(
      (result) => response.setHeader('content-type', 'application/json').end(JSON.stringify(result)),
      (error) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ errors: [new GraphQLError(error.message)] })),
    )
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return server
}

async function answer(run, request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return run(JSON.parse(Buffer.concat(chunks).toString()), request.headers.authorization)
}
