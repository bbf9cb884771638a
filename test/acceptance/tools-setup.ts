import type { TestProject } from 'vitest/node';
import { findBrowser, findTools, type FoundTools } from '../support/find-tools.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    tools: FoundTools;
    /** The browser's program; empty where there is none. */
    browser: string;
  }
}

/** Looks for terraform, moto, the provider and a browser once for all files. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('tools', await findTools(process.env));
  project.provide('browser', (await findBrowser(process.env)) ?? '');
}
