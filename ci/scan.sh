#!/usr/bin/env bash
# Runs `driftbom scan` in CI, for action.yml and for any other CI that has bash. Everything comes in by variables, so that
# no text of a workflow is ever read as a command:
#   DRIFTBOM_TARGETS    what to scan, one a line (default: this folder)
#   DRIFTBOM_ARGUMENTS  further arguments of `driftbom scan`, one a line
#   DRIFTBOM_LEDGER     ledger to record into; empty: nothing is recorded
#   DRIFTBOM_STRICT     true: exit code 3 where something was not read
#   DRIFTBOM_FAIL_ON    drift (default): codes 1, 2 and 3 fail; error: only 1 does
#   DRIFTBOM_SLACK_WEBHOOK  Slack incoming webhook, a secret: it is told of drift, and with a ledger the receipt is recorded
#   DRIFTBOM_OUT        folder of the files that it writes (default: .driftbom-ci)
# In GitHub Actions it appends to GITHUB_STEP_SUMMARY and writes GITHUB_OUTPUT.
set -uo pipefail

out=${DRIFTBOM_OUT:-.driftbom-ci}
mkdir -p "$out" || exit 1
# What an earlier run left must not be taken for this one's.
for file in scan.json scan.sarif scan.junit.xml scan.gitlab.json scan.slack.json summary.md comment.md; do
  rm -f "$out/$file"
done

arguments=()
while IFS= read -r line; do
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"${DRIFTBOM_ARGUMENTS:-}"
if [ -n "${DRIFTBOM_LEDGER:-}" ]; then arguments+=(--ledger "$DRIFTBOM_LEDGER"); else arguments+=(--no-record); fi
if [ "${DRIFTBOM_STRICT:-false}" = true ]; then arguments+=(--strict); fi
targets=()
while IFS= read -r line; do
  if [ -n "$line" ]; then targets+=("$line"); fi
done <<<"${DRIFTBOM_TARGETS:-.}"

# A job summary above 1 MiB is refused whole, and a comment above 65,536 characters: both are cut before that.
driftbom scan "${arguments[@]}" \
  -o "json=$out/scan.json" -o "sarif=$out/scan.sarif" -o "junit=$out/scan.junit.xml" \
  -o "gitlab=$out/scan.gitlab.json" -o "slack=$out/scan.slack.json" \
  -o "markdown=$out/summary.md" -o "markdown=$out/comment.md" \
  --max-bytes "$out/summary.md=1000000" --max-bytes "$out/comment.md=65000" \
  -- "${targets[@]}"
code=$?

# No error may quote the webhook: who has it can write to the channel.
untold=
if [ "$code" = 2 ] && [ -n "${DRIFTBOM_SLACK_WEBHOOK:-}" ]; then
  if receipt=$(node -e '
    const body = require("fs").readFileSync(process.argv[1]);
    const request = { method: "POST", headers: { "content-type": "application/json" }, body };
    const told = async () => {
      const answer = await fetch(process.env.DRIFTBOM_SLACK_WEBHOOK, request).catch(() => undefined);
      if (answer?.ok) return process.stdout.write(answer.headers.get("x-slack-req-id") ?? `http-${answer.status}`);
      console.error(`driftbom: Slack ${answer ? `answered ${answer.status}` : "could not be reached"}`);
      process.exitCode = 1;
    };
    told();' "$out/scan.slack.json"); then
    if [ -n "${DRIFTBOM_LEDGER:-}" ]; then
      driftbom receipt --ledger "$DRIFTBOM_LEDGER" --via slack --id "$receipt" || untold='the receipt could not be recorded'
    fi
  else
    untold='nobody could be told of the drift'
  fi
fi

if [ ! -f "$out/summary.md" ]; then
  printf '# driftbom: the scan did not finish\n\nExit code %s: nothing is known. The log of this step says why.\n' "$code" \
    | tee "$out/summary.md" >"$out/comment.md"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "exit-code=$code"
    echo "summary=$out/summary.md"
    echo "comment=$out/comment.md"
    if [ -f "$out/scan.json" ]; then
      echo "json=$out/scan.json"
      echo "sarif=$out/scan.sarif"
      echo "junit=$out/scan.junit.xml"
      echo "slack=$out/scan.slack.json"
      # Numbers and a word of a closed list: nothing that a resource could be named.
      node -e '
        const { verdict, summary } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
        const { changed, missing, unmanaged, gaps, waived = 0 } = summary;
        const lines = { verdict, drifts: changed + missing + unmanaged, waived, gaps };
        for (const [name, value] of Object.entries(lines)) console.log(`${name}=${value}`);
      ' "$out/scan.json"
    else
      echo 'verdict=error'
    fi
  } >>"$GITHUB_OUTPUT"
fi

if [ -n "$untold" ]; then
  echo "driftbom: $untold" >&2
  exit 1
fi
case "${DRIFTBOM_FAIL_ON:-drift}:$code" in
  error:2 | error:3) exit 0 ;;
  *) exit "$code" ;;
esac
