import { DriftbomError } from '../model/error.ts';
import { checkFramework, type Framework } from './framework.ts';
import cisAws from './frameworks/cis-aws.json' with { type: 'json' };
import csaCcm from './frameworks/csa-ccm.json' with { type: 'json' };
import dora from './frameworks/dora.json' with { type: 'json' };
import fedramp20x from './frameworks/fedramp-20x.json' with { type: 'json' };
import hipaa from './frameworks/hipaa.json' with { type: 'json' };
import iso27001 from './frameworks/iso27001.json' with { type: 'json' };
import nis2 from './frameworks/nis2.json' with { type: 'json' };
import nist80053 from './frameworks/nist-800-53.json' with { type: 'json' };
import pciDss from './frameworks/pci-dss.json' with { type: 'json' };
import soc2 from './frameworks/soc2.json' with { type: 'json' };
import sox from './frameworks/sox.json' with { type: 'json' };

const BUILT_IN: { readonly [id: string]: unknown } = {
  soc2,
  iso27001,
  'nist-800-53': nist80053,
  'pci-dss': pciDss,
  hipaa,
  'fedramp-20x': fedramp20x,
  'cis-aws': cisAws,
  dora,
  nis2,
  'csa-ccm': csaCcm,
  sox,
};

/** Ids of the frameworks that come with driftbom. */
export const FRAMEWORK_IDS: readonly string[] = Object.keys(BUILT_IN);

/** A framework that comes with driftbom. Errors: E_NOT_FOUND. */
export function frameworkById(id: string): Framework {
  if (!Object.hasOwn(BUILT_IN, id)) {
    throw new DriftbomError(
      'E_NOT_FOUND',
      `no framework is named ${JSON.stringify(id)}`,
      `There are ${FRAMEWORK_IDS.join(', ')}; or name a JSON file of your own.`,
    );
  }
  return checkFramework(BUILT_IN[id], id);
}
