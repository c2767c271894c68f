#!/usr/bin/env bash
# A SLURM of one node on the loopback address, in a folder of its own, without accounting:
#   eval "$(tests/slurm/start.sh FOLDER)"    starts it and points the commands of this shell at it
#   tests/slurm/start.sh --stop FOLDER       ends it
# Needs root, and on Debian: apt-get install slurmd slurmctld slurm-client munge
set -euo pipefail
umask 022

stop=
if [ "${1:-}" = --stop ]; then stop=yes; shift; fi
folder=${1:?the folder to keep it in}
PATH=$PATH:/usr/sbin:/sbin

if [ -n "$stop" ]; then
  export SLURM_CONF=$folder/slurm.conf
  timeout 10 scancel --me --signal=KILL --full 2>/dev/null || true
  timeout 10 scancel --me 2>/dev/null || true
  for _ in $(seq 50); do
    if [ -z "$(timeout 10 squeue --noheader 2>/dev/null)" ]; then break; fi
    sleep 0.2
  done
  for daemon in slurmd slurmctld munged; do
    pid=$(cat "$folder/$daemon.pid" 2>/dev/null || true)
    if [ -z "$pid" ]; then continue; fi
    for signal in TERM KILL; do
      kill -s $signal "$pid" 2>/dev/null || true
      for _ in $(seq 25); do
        if ! ps -o stat= -p "$pid" | grep -qv Z; then break 2; fi
        sleep 0.2
      done
    done
  done
  exit 0
fi

for command in munged slurmctld slurmd sbatch srun; do
  if ! command -v "$command" >/dev/null; then
    echo "there is no '$command' here (Debian: slurmd slurmctld slurm-client munge)" >&2; exit 1
  fi
done
if [ "$(id -u)" != 0 ]; then echo "slurmd is started as root" >&2; exit 1; fi

mkdir -p "$folder/state" "$folder/spool"
folder=$(cd "$folder" && pwd)
host=$(hostname -s)
port=${SLURM_TEST_PORT:-16817}
megabytes=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
export SLURM_CONF=$folder/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=thalweg
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
AuthInfo=socket=$folder/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$megabytes
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END

head -c 1024 /dev/urandom >"$folder/munge.key"
chmod 400 "$folder/munge.key"
munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" \
  --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" >&2
slurmctld -c >&2
slurmd >&2
for _ in $(seq 50); do
  if sinfo --noheader --format=%t 2>/dev/null | grep -q idle; then
    echo "export SLURM_CONF='$SLURM_CONF'"
    exit 0
  fi
  sleep 0.2
done
echo "SLURM did not come up; the last words of its logs:" >&2
tail -n 5 "$folder"/*.log >&2
exit 1
