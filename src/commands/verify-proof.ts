import type { ProofRequest } from '../wire/proof.ts';
import { EXIT, type ExitCode, type Io, wantsColour } from './io.ts';

/** `driftbom verify --bundle FILE`: one exported proof, without the ledger. */
export async function verifyProofFile(request: ProofRequest & { readonly json?: boolean }, io: Io): Promise<ExitCode> {
  const { wireProof } = await import('../wire/proof.ts');
  const { proof, trustedKeys } = await wireProof(request, io);
  if (request.json === true) {
    const json = { schema: 'driftbom.verify-proof/v1', file: request.bundle, trustedKeys, ...proof };
    io.out(`${JSON.stringify(json, undefined, 2)}\n`);
  } else {
    const { proofTerminal } = await import('../report/proof.ts');
    const report = { ...proof, trustedKeys, place: request.bundle };
    io.out(proofTerminal(report, { colour: wantsColour(io), width: io.columns }));
  }
  return proof.ok ? EXIT.inSync : EXIT.drift;
}
