import type { Plugin } from 'rolldown'

const namedImport = /^import \{(.*)\} from ("node:.*");$/gm

/**
 * Takes Node's modules from `process.getBuiltinModule`.
 *
 * For an import Node makes a facade that reads all that the module exports, and so loads what some of it lazily loads: each
 * thread would pay for the argument parser and the diffs of `node:util`.
 */
export const builtinsWithoutFacades: Plugin = {
  name: 'builtins-without-facades',
  renderChunk: code => ({
    code: code.replace(
      namedImport,
      (_, names: string, module: string) =>
        `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule(${module});`,
    ),
    // Each line stays where it is.
    map: null,
  }),
}
