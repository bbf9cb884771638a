import { patches } from './aws/patches.ts';

/** The type and property behind an attribute, where the mapping is certain. */
export function patchPlace(type: string, attribute: string): { typeName: string; property: string } | undefined {
  const map = Object.hasOwn(patches, type) ? patches[type] : undefined;
  const property =
    map !== undefined && Object.hasOwn(map.properties, attribute) ? map.properties[attribute] : undefined;
  return map === undefined || property === undefined ? undefined : { typeName: map.typeName, property };
}
