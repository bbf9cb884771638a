import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { initLedger, openLedger } from '../../src/ledger/ledger.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { appendNotes, noteTexts } from '../support/ledger-notes.ts';
import { buildWriter, startWriter, type WriterProcess } from '../support/writer-process.ts';
import { storeOfJob, type WriterJob } from '../support/writer-job.ts';

/** A ledger that processes of their own append to. */
export interface WritersWorld {
  start(name: string, appends: number, batch: number): WriterProcess;
  /**
   * Lets `lanes` writers work side by side, each killed at a random moment, until so many were killed; a new one begins
   * at once where one was killed.
   */
  killAtRandom(kills: number, lanes: number, withinMs: number): Promise<void>;
  /** All that writers were told is there, each text once; verify passes; the next append works. Gives the number of texts. */
  expectWhole(): Promise<number>;
  stop(): Promise<void>;
}

export async function writersWorld(s3?: WriterJob['s3']): Promise<WritersWorld> {
  const home = await mkdtemp(join(tmpdir(), 'driftbom-writers-'));
  const place = s3 === undefined ? { home } : { home, s3 };
  const script = await buildWriter(home);
  const writers: WriterProcess[] = [];
  const open = () => storeOfJob(place, { pid: process.pid, host: 'here', isAlive: alive });
  const keysDirectory = join(home, 'keys');
  await initLedger({ store: open(), keysDirectory, random: randomBytes });
  const own: string[] = [];

  const start: WritersWorld['start'] = (name, appends, batch) => {
    const writer = startWriter(script, { ...place, name, appends, batch });
    writers.push(writer);
    return writer;
  };
  return {
    start,
    killAtRandom: async (kills, lanes, withinMs) => {
      let left = kills;
      const lane = async (): Promise<void> => {
        while (left-- > 0) {
          const writer = start(`killed ${writers.length}`, 1_000_000, 1 + (writers.length % 3));
          await writer.ready();
          await new Promise((done) => setTimeout(done, Math.random() * withinMs));
          writer.kill();
          expect(await writer.ended).toBeNull();
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    expectWhole: async () => {
      const ledger = await openLedger({ store: open(), keysDirectory, random: randomBytes });
      own.push(`after ${own.length}`);
      await appendNotes(ledger, own.slice(-1), () => new Date());
      const verification = await verifyLedger(open(), ledger.trust);
      expect(verification.failures).toEqual([]);
      expect(verification.skipped).toEqual([]);
      const texts = await noteTexts(open());
      expect(verification.size).toBe(texts.length);
      const there = new Set(texts);
      expect(there.size).toBe(texts.length);
      const told = [...own, ...writers.flatMap((writer) => writer.told)];
      expect(told.filter((text) => !there.has(text))).toEqual([]);
      return texts.length;
    },
    stop: async () => {
      for (const writer of writers) writer.kill();
      await Promise.all(writers.map((writer) => writer.ended));
      await rm(home, { recursive: true, force: true });
    },
  };
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
