import { patches } from './aws/patches.ts';

/** The type and property behind an attribute. */
export interface PatchPlace {
  readonly typeName: string;
  readonly property: string;
  /** The value that stands for none; undefined where each is one. */
  readonly unset: number | undefined;
  /** What an update may drop beside. */
  readonly mayDrop: readonly string[];
}

/** The type and property behind an attribute, where the mapping is certain. */
export function patchPlace(type: string, attribute: string): PatchPlace | undefined {
  const map = Object.hasOwn(patches, type) ? patches[type] : undefined;
  const property =
    map !== undefined && Object.hasOwn(map.properties, attribute) ? map.properties[attribute] : undefined;
  if (map === undefined || property === undefined) return undefined;
  return { typeName: map.typeName, property, unset: map.unset?.[attribute], mayDrop: map.mayDrop ?? [] };
}
