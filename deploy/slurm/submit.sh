#!/usr/bin/env bash
# Audits a batch under Slurm: an array of N tasks, one part of the packets each, and a job that merges the parts.
#
#   deploy/slurm/submit.sh N OUT SUBMISSIONS --rules ID [any option of `material-audit audit` but --out, --shard, --plan]
#
# Everything must lie on storage that all nodes share: SUBMISSIONS, OUT, MATERIAL_AUDIT_HOME (models and page cache; run
# `material-audit setup` there first). The parts go to OUT.shards/K. Time and memory of a task come from a dry run that
# opens every packet and reads none. Prints the ids of the two jobs.
#
#   MATERIAL_AUDIT  the program, where it is not in PATH        CPUS  cores of a task, 1 unless set
#   SBATCH_*        whatever sbatch takes (partition, account)  TMPDIR  a node's own disk: zips are unpacked there
set -euo pipefail
if [ $# -lt 5 ]; then
    sed -n 's/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
tasks=$1 out=$(realpath -m -- "$2") submissions=$(realpath -- "$3")
shift 3
here=$(dirname -- "$(realpath -- "$0")")
program=${MATERIAL_AUDIT:-$(command -v material-audit)}
cpus=${CPUS:-1}
shards=$out.shards

# Today is judged by one day, however long tasks wait in the queue.
case " $* " in *" --as-of "* | *" --as-of="*) ;; *) set -- "$@" --as-of "$(date +%F)" ;; esac

# One key a line.
plan=$("$program" audit "$submissions" "$@" --offline --jobs "$cpus" --plan "$tasks")
value() { sed -n "s/^  \"$1\": \([0-9]*\),\{0,1\}\$/\1/p" <<<"$plan"; }
minutes=$(value limit_minutes) memory=$(value limit_memory_mb)
if [ -z "$minutes" ] || [ -z "$memory" ]; then
    echo "the plan could not be read" >&2
    exit 2
fi
mkdir -p -- "$shards"

# What only the merging takes of the options.
merging=() options=()
while [ $# -gt 0 ]; do
    case $1 in
    --previous) merging+=("$1" "$2") ;;
    --previous=*) merging+=("$1") ;;
    --fail-on-defects) merging+=("$1") ;;
    --annotate) merging+=(--submissions "$submissions") ;;
    esac
    options+=("$1")
    shift
done

export MATERIAL_AUDIT=$program SHARDS=$shards
array=$(sbatch --parsable --job-name=material-audit --array="1-$tasks" --requeue --cpus-per-task="$cpus" --time="$minutes" \
    --mem="${memory}M" --output="$shards/%a.log" --open-mode=append --export=ALL \
    "$here/shard.sbatch" "$submissions" "${options[@]}" --offline --jobs "$cpus")
array=${array%%;*}
merge=$(sbatch --parsable --job-name=material-audit-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes --requeue \
    --cpus-per-task="$cpus" --time=120 --mem=2G --output="$shards/merge.log" --open-mode=append --export=ALL \
    "$here/merge.sbatch" "$tasks" "$out" "${merging[@]}")
echo "$array ${merge%%;*}"
