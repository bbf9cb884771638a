/** How a resource type guards others; places are attribute names joined with dots, without indexes. */
export interface Guardrail {
  /** What is gone when the whole resource is. */
  readonly whole?: string;
  /** Switches: false takes the guard away. */
  readonly off?: readonly string[];
  /** Lists that guard as long as something stands in them. */
  readonly emptied?: readonly string[];
  /** Lists that suspend it as soon as something stands in them. */
  readonly filled?: readonly string[];
  /** Limits: another value may let through what it held back before. */
  readonly loosened?: readonly string[];
}
