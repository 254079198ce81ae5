import { IsOptional } from 'class-validator'
import type { JsonMap } from '../../shared/json'
import { IsDateText, IsEmailAddress, IsId, IsInstant, IsMap, IsPresent, IsText, IsWord } from '../rules'
import type { IdLike } from '../values'

/** What may be said of a member. */
export class UserFields {
  @IsOptional() @IsEmailAddress() email?: string
  @IsOptional() @IsId() firstName?: IdLike
  @IsOptional() @IsId() lastName?: IdLike
  @IsOptional() @IsWord(['YES', 'NO']) optInStatus?: string
  @IsOptional() @IsInstant() optInDate?: string
  @IsOptional() @IsWord(['ACTIVE', 'INACTIVE']) status?: string
  @IsOptional() @IsId() phone?: IdLike
  @IsOptional() @IsId() zipCode?: IdLike
  @IsOptional() @IsDateText() birthDate?: string
  @IsOptional() @IsDateText() anniversaryDate?: string
  @IsOptional() @IsText() userProfileImageUrl?: IdLike
  @IsOptional() @IsMap() extendedAttribute?: JsonMap
}

/** Body of `POST /users`. */
export class UserBody extends UserFields {
  @IsPresent() @IsId() id!: IdLike
}

/** Body of `PATCH /users/{memberId}`: only what is sent changes. */
export class UserPatchBody extends UserFields {
  @IsOptional() @IsId() id?: IdLike
}
