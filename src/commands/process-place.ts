import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Where this process's pid is its name: one boot of one kernel (random/boot_id, proc(5)) and one pid namespace
 * (pid_namespaces(7)). Two containers differ in it, whatever they are called, and so do two boots of one machine.
 * Undefined where the system does not tell: not Linux, or no /proc.
 */
export function processPlace(proc = '/proc'): string | undefined {
  try {
    return `${readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8').trim()} ${readlinkSync(`${proc}/self/ns/pid`)}`;
  } catch {
    return undefined;
  }
}
