// The token that an Annex Cloud client makes for one request: node scripts/annex-token.mjs BODY
// For a GET the body is the identifier as JSON text, quotes included: '"user@domain.com"'.
// ANNEX_SITE and ANNEX_SECRET choose another site than the demo's.
import { createHmac } from 'node:crypto'

const { ANNEX_SITE: site = '29235480', ANNEX_SECRET: secret = 'demo-annex-secret' } = process.env
const body = process.argv[2]
if (body === undefined) {
  process.stderr.write('usage: node scripts/annex-token.mjs BODY\n')
  process.exit(2)
}

const sign = (text, encoding) => createHmac('sha256', secret).update(text).digest(encoding)
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

const hmac = sign(Buffer.from(body).toString('base64'), 'base64')
const claims = { sub: 'demo', exp: Math.floor(Date.now() / 1000) + 300, site_id: site, hmac }
const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
process.stdout.write(`${signed}.${sign(signed, 'base64url')}\n`)
