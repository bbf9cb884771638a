import { patches } from './aws/patches.ts';

/** How a type's attributes are named by the cloud's own control interface. */
export interface PatchMap {
  readonly typeName: string;
  /** Attribute to property; only where nothing has to be converted. The identifier is the resource's id. */
  readonly properties: { readonly [attribute: string]: string };
}

/** The type and property behind an attribute, where the mapping is certain. */
export function patchPlace(type: string, attribute: string): { typeName: string; property: string } | undefined {
  const map = Object.hasOwn(patches, type) ? patches[type] : undefined;
  const property =
    map !== undefined && Object.hasOwn(map.properties, attribute) ? map.properties[attribute] : undefined;
  return map === undefined || property === undefined ? undefined : { typeName: map.typeName, property };
}
