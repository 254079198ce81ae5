import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql'
import { Busy, LOYALTY_ERROR_CODES, LoyaltyError, type LoyaltyErrorCode } from '../../domain/shared/errors'
import { MEANING } from './user-error-codes'

export const UserErrorCode = Object.fromEntries(LOYALTY_ERROR_CODES.map((code) => [code, code])) as {
  [Code in LoyaltyErrorCode]: Code
}
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a rule said no. New codes may be added.',
  valuesConfig: MEANING,
})

@ObjectType('UserError', { simpleResolvers: true, description: 'A rule said no; nothing was changed.' })
@Directive('@shareable')
export class UserError {
  @Field(() => UserErrorCode, { description: 'For programs.' })
  readonly code!: LoyaltyErrorCode

  @Field(() => String, {
    nullable: true,
    description: 'The part of the input it is about, such as "points"; null: the whole.',
  })
  readonly field!: string | null

  @Field(() => String, { description: 'For people. May change.' })
  readonly message!: string
}

/** What a use case answers, or its refusal as user errors. That an account was busy is no decision: it stays an error. */
export async function orUserErrors<Answer extends object>(
  work: Promise<Answer>,
): Promise<
  (Answer & { readonly userErrors: readonly UserError[] }) | { readonly userErrors: readonly UserError[] }
> {
  try {
    return { ...(await work), userErrors: [] }
  } catch (error) {
    if (!(error instanceof LoyaltyError) || error instanceof Busy) throw error
    const { code, field, message } = error
    return { userErrors: [{ code, field, message }] }
  }
}
