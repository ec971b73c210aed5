import { inspect } from 'node:util'

/**
 * What Zod, Valibot, ArkType and others have in common: a validator by the Standard Schema, version 1.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** @throws TypeError for what is no Standard Schema */
export function checkSchema(schema: unknown) {
  const { validate, version } = (schema as Partial<StandardSchema<unknown>> | null)?.['~standard'] ?? {}
  if (typeof validate === 'function' && version === 1) return
  throw new TypeError(
    `schema must be a validator by the Standard Schema, version 1, not ${inspect(schema, { depth: 0 })}`,
  )
}

/** The issues in one line. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  const described = issues.map(({ message, path = [] }) => {
    const keys = path.map(segment => String(typeof segment === 'object' ? segment.key : segment))
    return keys.length > 0 ? `${keys.join('.')}: ${message}` : message
  })
  return described.join('; ')
}
