/** A program of its own: one thread that reads files of a log, each when it is asked to. */
import { parentPort, workerData } from 'node:worker_threads';
import { Shelf } from './findings.ts';
import { logFile } from './log-file.ts';
import { handedOver, packed } from './parcel.ts';
import { readObject } from './read-object.ts';
import type { WorkerOrder, WorkerQuestion } from './reader-pool.ts';
import { sieveQuestion } from './sieve.ts';
import { scopeOf } from './window.ts';

const { question, now, shelfBytes } = workerData as WorkerQuestion;
const asked = { ...sieveQuestion(question, scopeOf(question), now), shelf: new Shelf(shelfBytes) };

parentPort?.on('message', async ({ path, name, hashed }: WorkerOrder) => {
  const parcel = packed(await readObject(logFile(path, name), asked, hashed));
  parentPort?.postMessage(parcel, handedOver(parcel));
});
