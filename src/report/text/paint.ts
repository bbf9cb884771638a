import type pc from 'picocolors';

/** The colouring functions of picocolors, on or off. */
export type Paint = ReturnType<typeof pc.createColors>;
