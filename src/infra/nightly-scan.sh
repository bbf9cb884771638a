#!/usr/bin/env bash
# One scheduled scan, run by CodeBuild in the root of the infrastructure repository: restore the ledger, verify it, scan
# with the reader's rights, store what was recorded, tell what came of it. Drift is no failure of the build: it ends with
# 0 after drift too, and an event says what was found. It fails where the scan did not do its work.
set -euo pipefail
umask 077

: "$DRIFTBOM_DIRECTORY" "$DRIFTBOM_LEDGER_BUCKET" "$DRIFTBOM_REPORT_BUCKET" "$DRIFTBOM_KEYS_SECRET" "$DRIFTBOM_READER_ROLE"
: "$DRIFTBOM_ALERT_TOPIC"
ledger=.driftbom/ledger
keys=.driftbom/keys
build=${CODEBUILD_BUILD_ID:-by-hand}
folder=reports/$(date -u +%Y/%m/%d)/${build##*:}
work=$(mktemp -d)
trap 'rm -rf "$keys" "$work"' EXIT

say() { printf 'driftbom-nightly: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# The scanner and everything the repository runs get the reader's credentials and cannot reach the job's own.
as_reader() (
  unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_PROFILE
  export AWS_ACCESS_KEY_ID=$reader_id AWS_SECRET_ACCESS_KEY=$reader_secret AWS_SESSION_TOKEN=$reader_token
  exec "$@"
)

# Puts one event on the default bus: announce OUTCOME EXIT_CODE. Counts only, no values.
announce() {
  local entries failed
  entries=$(
    OUTCOME=$1 EXIT_CODE=$2 BUILD=$build REPORT="s3://$DRIFTBOM_REPORT_BUCKET/$folder/" SCAN="$work/out/scan.json" node -e '
      const { OUTCOME: outcome, EXIT_CODE, BUILD: build, REPORT: report, SCAN } = process.env;
      const fs = require("node:fs");
      const scan = fs.existsSync(SCAN) ? JSON.parse(fs.readFileSync(SCAN, "utf8")) : {};
      const none = { resources: 0, changed: 0, missing: 0, gaps: 0 };
      const detail = { outcome, exitCode: Number(EXIT_CODE), build, report, summary: scan.summary ?? none };
      const entry = { Source: "driftbom.scan", DetailType: "driftbom scan finished", Detail: JSON.stringify(detail) };
      process.stdout.write(JSON.stringify([entry]));'
  )
  failed=$(aws events put-events --entries "$entries" --query FailedEntryCount --output text)
  [ "$failed" = 0 ] || die "the event was not accepted"
}

checkpoint_etag() {
  aws s3api head-object --bucket "$DRIFTBOM_LEDGER_BUCKET" --key ledger/checkpoint --query ETag --output text
}

# The build log is a second place that keeps each head of the ledger: a rollback of the bucket contradicts it.
print_checkpoint() {
  say "checkpoint $1:"
  cat "$ledger/checkpoint"
}

# Tells people of drift and prints the receipt, SNS's message id. Counts only, no values. The message itself is told to
# nobody else by a rule: so that what was told, and when, is known here.
tell() {
  local message
  message=$(
    REPORT="s3://$DRIFTBOM_REPORT_BUCKET/$folder/" BUILD=$build SCAN="$work/out/scan.json" node -e '
      const { REPORT: report, BUILD: build, SCAN } = process.env;
      const { changed, missing, gaps, resources } = JSON.parse(require("fs").readFileSync(SCAN, "utf8")).summary;
      process.stdout.write([
        "driftbom: drift",
        `changed ${changed}, missing ${missing}, gaps ${gaps}, of ${resources} resources`,
        `Report: ${report}`,
        `Build: ${build}`,
        "Runbook: docs/runbooks/drift-found.md",
      ].join("\n"));'
  )
  aws sns publish --topic-arn "$DRIFTBOM_ALERT_TOPIC" --subject 'driftbom: drift' --message "$message" \
    --query MessageId --output text
}

# The head goes last: whoever reads the bucket meanwhile sees the old ledger whole, never a new one with holes.
store_ledger() {
  print_checkpoint "$1"
  [ "$(checkpoint_etag)" = "$etag" ] || die "somebody else appended to the ledger meanwhile; nothing was stored"
  aws s3 sync "$ledger" "s3://$DRIFTBOM_LEDGER_BUCKET/ledger" --exclude checkpoint --only-show-errors
  etag=$(aws s3api put-object --bucket "$DRIFTBOM_LEDGER_BUCKET" --key ledger/checkpoint --body "$ledger/checkpoint" \
    --if-match "$etag" --query ETag --output text)
}

for tool in aws driftbom node tar; do
  command -v "$tool" >/dev/null || die "$tool is not installed in this image"
done
credentials=$(aws sts assume-role --role-arn "$DRIFTBOM_READER_ROLE" --role-session-name driftbom-scan \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
read -r reader_id reader_secret reader_token <<<"$credentials"

# What the repository brings along runs before any key lies on the disk.
if [ -n "${DRIFTBOM_PREPARE:-}" ]; then
  as_reader bash -euo pipefail -c "$DRIFTBOM_PREPARE"
elif compgen -G "$DRIFTBOM_DIRECTORY/*.tf" >/dev/null || compgen -G "$DRIFTBOM_DIRECTORY/*.tf.json" >/dev/null; then
  lock=()
  [ ! -f "$DRIFTBOM_DIRECTORY/.terraform.lock.hcl" ] || lock=(-lockfile=readonly)
  as_reader terraform -chdir="$DRIFTBOM_DIRECTORY" init -input=false -no-color ${lock[@]+"${lock[@]}"}
fi

# A ledger that the repository may hold is not the one that this scanner keeps.
rm -rf .driftbom
mkdir -p "$ledger" "$keys" "$work/out"
etag=$(checkpoint_etag) ||
  die "cannot read the ledger's head in s3://$DRIFTBOM_LEDGER_BUCKET/ledger; before the first scan, upload the ledger that driftbom init made"
aws s3 sync "s3://$DRIFTBOM_LEDGER_BUCKET/ledger" "$ledger" --only-show-errors
print_checkpoint 'before the scan'
as_reader driftbom verify --ledger "$ledger" || {
  announce ledger-broken 1
  die "the ledger does not verify, nothing was scanned: see docs/runbooks/ledger-broken.md"
}
aws secretsmanager get-secret-value --secret-id "$DRIFTBOM_KEYS_SECRET" --query SecretBinary --output text |
  base64 -d | tar -xz -C "$keys" || die "the secret does not hold the keys as a tar.gz in SecretBinary: see docs/scheduled-scan.md"

code=0
as_reader driftbom scan "$DRIFTBOM_DIRECTORY" --strict --ledger "$ledger" ${DRIFTBOM_NO_SYNTH:+--no-synth} \
  -o json="$work/out/scan.json" -o markdown="$work/out/scan.md" -o html="$work/out/scan.html" || code=$?
# Nothing of the repository runs any more. Who was told of drift is to be signed, too.
[ "$code" = 2 ] || rm -rf "$keys"
case $code in
  0) outcome=in-sync ;;
  2) outcome=drift ;;
  3) outcome=incomplete ;;
  *) die "driftbom scan ended with exit code $code; nothing was recorded" ;;
esac

store_ledger 'after the scan'
aws s3 cp "$work/out" "s3://$DRIFTBOM_REPORT_BUCKET/$folder" --recursive --only-show-errors
announce "$outcome" "$code"
if [ "$outcome" = drift ]; then
  receipt=$(tell) || die "nobody could be told of the drift"
  cp "$ledger/checkpoint" "$work/told"
  as_reader driftbom receipt --ledger "$ledger" --via sns --id "$receipt" --to "${DRIFTBOM_ALERT_TOPIC##*:}" --by driftbom-nightly
  rm -rf "$keys"
  # Drifts of which people were told on an earlier night are not recorded again.
  cmp -s "$ledger/checkpoint" "$work/told" || store_ledger 'after the receipt'
fi
say "$outcome (exit code $code), reports in s3://$DRIFTBOM_REPORT_BUCKET/$folder/"
