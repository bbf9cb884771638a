import type { Place } from './place.ts';
import type { Statement } from './policy.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './settings.ts';

const HOSTS: Readonly<Record<string, string>> = {
  'github.com': 'GITHUB',
  'gitlab.com': 'GITLAB',
  'bitbucket.org': 'BITBUCKET',
};
const CODECOMMIT = /^git-codecommit\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** CodeBuild's name for the kind of host that keeps the repository (CodeBuild API, ProjectSource.type). */
export function sourceType(settings: Settings): string {
  const host = new URL(settings.repository).hostname.toLowerCase();
  if (CODECOMMIT.test(host)) return 'CODECOMMIT';
  const type = HOSTS[host];
  if (type !== undefined) return type;
  // A host of one's own is reached through a connection, and the connection's kind cannot be seen from the URL.
  if (host.includes('gitlab')) return 'GITLAB_SELF_MANAGED';
  if (host.includes('github')) return 'GITHUB_ENTERPRISE';
  const known = [...Object.keys(HOSTS), 'CodeCommit', 'a GitHub Enterprise or GitLab host with that word in its name'];
  throw new SettingsError(`repository: CodeBuild cannot fetch from ${host}; it knows ${known.join(', ')}.`);
}

/** What the job needs so that CodeBuild can fetch the repository. */
export function sourceStatements(settings: Settings, place: Place): readonly Statement[] {
  const statements: Statement[] = [];
  if (settings.connectionArn !== undefined) {
    const service = settings.connectionArn.split(':')[2];
    statements.push({
      Sid: 'FetchThroughTheConnection',
      Effect: 'Allow',
      Action: [`${service}:UseConnection`, `${service}:GetConnection`, `${service}:GetConnectionToken`],
      Resource: settings.connectionArn,
    });
  }
  const url = new URL(settings.repository);
  const [, region] = CODECOMMIT.exec(url.hostname.toLowerCase()) ?? [];
  if (region !== undefined) {
    const repository = url.pathname.split('/').pop();
    statements.push({
      Sid: 'FetchFromCodeCommit',
      Effect: 'Allow',
      Action: ['codecommit:GitPull'],
      Resource: `arn:${place.partition}:codecommit:${region}:${place.account}:${repository}`,
    });
  }
  return statements;
}
