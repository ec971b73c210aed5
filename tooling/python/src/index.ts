export { missingPythonModules } from './missing-modules.ts'
export { python, pythonVersion } from './python.ts'
