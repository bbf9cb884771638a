/** How a type's attributes are named by the cloud's own control interface. */
export interface PatchMap {
  readonly typeName: string;
  /** Attribute to property; only where nothing has to be converted. The identifier is the resource's id. */
  readonly properties: { readonly [attribute: string]: string };
}
