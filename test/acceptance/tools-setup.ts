import type { TestProject } from 'vitest/node';
import { findTools, type FoundTools } from '../support/find-tools.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    tools: FoundTools;
  }
}

/** Looks for terraform, moto and the provider once for all files. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('tools', await findTools(process.env));
}
