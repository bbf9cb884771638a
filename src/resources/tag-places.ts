/**
 * Attributes under which providers keep tags, the most telling first: with defaults merged in, then as written. A map, or a
 * list of blocks with a key and a value.
 */
export const TAG_PLACES = ['tags_all', 'tags', 'tag', 'effective_labels', 'labels'] as const;

/** Names of the two members of a tag that is a block. */
export const TAG_BLOCK = [
  { key: 'key', value: 'value' },
  { key: 'Key', value: 'Value' },
] as const;
