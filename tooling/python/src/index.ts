export { missingPythonModules, type PythonMachine } from './missing-modules.ts'
export { python, pythonVersion } from './python.ts'
