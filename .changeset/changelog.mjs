// How a changelog reads: a line for each change, without its commit, and one for all packages of ours that were updated.

const indent = text => text.trim().split('\n').join('\n  ')

export default {
  getReleaseLine: async ({ summary }) => `- ${indent(summary)}`,
  getDependencyReleaseLine: async (_, updated) =>
    updated.length === 0
      ? ''
      : `- Update ${updated.map(({ name, newVersion }) => `\`${name}\` to ${newVersion}`).join(', ')}.`,
}
