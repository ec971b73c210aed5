import { ThreadWorker } from 'poolifier'
import { runTask, type Task } from '../functions.ts'

export default new ThreadWorker<Task, unknown>(task => runTask(task as Task))
