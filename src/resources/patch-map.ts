/** How a type's attributes are named by the cloud's own control interface. */
export interface PatchMap {
  readonly typeName: string;
  /** Attribute to property; only where nothing has to be converted. The identifier is the resource's id. */
  readonly properties: { readonly [attribute: string]: string };
  /** Values by which Terraform says that nothing is set, where the interface leaves the property out. */
  readonly unset?: { readonly [attribute: string]: number };
  /** Properties that the service never gives back, so that an update may drop them. */
  readonly mayDrop?: readonly string[];
}
