import { basename, dirname, relative, sep } from 'node:path';

/** A path as the user would name it: relative to the working directory, or its last part where it lies outside. */
export function shownPath(path: string, cwd: string): string {
  const inside = insidePath(path, cwd);
  return inside === undefined ? basename(path) : inside === '' ? '.' : inside;
}

/**
 * The base of a workspace's name. It depends on the path alone, so that a drift keeps its identity however many targets
 * a scan has: `default` for the working directory, `stacks/net` for a folder or for the terraform.tfstate in it,
 * `states/prod` for states/prod.tfstate.
 */
export function labelOf(path: string, isFile: boolean, cwd: string): string {
  if (!isFile) return placeLabel(path, cwd);
  const name = basename(path);
  if (name === 'terraform.tfstate' || name === 'cdk.tf.json') return placeLabel(dirname(path), cwd);
  const stem = name.replace(/\.(?:tfstate|json)(?:\.json)?$/, '');
  const place = insidePath(dirname(path), cwd);
  return place === undefined || place === '' ? stem : `${place}/${stem}`;
}

/** The name of a workspace: its place, and Terraform's own workspace where that is not the default. */
export function workspaceName(label: string, terraformWorkspace: string): string {
  if (terraformWorkspace === 'default') return label;
  return label === 'default' ? terraformWorkspace : `${label}:${terraformWorkspace}`;
}

function placeLabel(folder: string, cwd: string): string {
  const states = dirname(folder);
  if (basename(states) === 'terraform.tfstate.d')
    return workspaceName(placeLabel(dirname(states), cwd), basename(folder));
  const inside = insidePath(folder, cwd);
  return inside === undefined ? basename(folder) : inside === '' ? 'default' : inside;
}

function insidePath(path: string, cwd: string): string | undefined {
  const inside = relative(cwd, path).split(sep).join('/');
  return inside === '..' || inside.startsWith('../') ? undefined : inside;
}

/** A base name that may be taken twice. */
interface Labelled {
  readonly label: string;
  /** Terraform's workspace, where known: it becomes part of the name, so equal labels with other workspaces differ. */
  readonly workspace: string | undefined;
  /** Absolute path behind it. */
  readonly path: string;
}

/** Makes equal names differ, by as many folders before them as it takes. */
export function distinctLabels(all: readonly Labelled[]): string[] {
  return all.map((one, i) => {
    const rivals = all.filter((other, j) => j !== i && other.label === one.label && other.workspace === one.workspace);
    if (rivals.length === 0) return one.label;
    const own = one.path.split(sep).filter((part) => part !== '');
    for (let parts = 2; parts < own.length; parts++) {
      const tail = own.slice(-parts).join('/');
      if (!rivals.some((rival) => rival.path.endsWith(`/${tail}`))) return tail;
    }
    return `${one.label}-${i + 1}`;
  });
}
