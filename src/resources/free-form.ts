/**
 * Maps whose keys the user chooses. Their strings stay as they are written: a policy-like text in a function's
 * environment is text. Asked only where no schema says that it is a map of strings.
 */
const FREE_FORM = new Set([
  'tags',
  'tags_all',
  'default_tags',
  'variables',
  'environment_variables',
  'labels',
  'annotations',
  'parameters',
  'metadata',
  'dimensions',
  'triggers',
  'attributes',
  'options',
  'advanced_options',
]);

/** Whether a map of that name is the user's own. */
export function isFreeForm(name: string): boolean {
  return FREE_FORM.has(name);
}
