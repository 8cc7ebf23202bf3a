#!/usr/bin/env bash
# As run/slurm.sh for PBS: submit with qsub -v NAMELIST=namelists/hbv_caravan.nml run/pbs.sh
#PBS -N freshet
#PBS -l select=1:ncpus=16
#PBS -l walltime=04:00:00
#PBS -r y
set -u
cd "$PBS_O_WORKDIR" || exit 1
threads=${NCPUS:-1}
options=(--set "run.threads=$threads")
[ "${RESUME:-0}" = 1 ] && options+=(--resume)

# PBS sends SIGTERM at the limit, some seconds before SIGKILL; timeout comes five minutes earlier.
timeout --preserve-status --signal=USR1 13800 freshet run "$NAMELIST" "${options[@]}"
status=$?
if [ "$status" -eq 75 ]; then
    qsub -v NAMELIST="$NAMELIST",RESUME=1 run/pbs.sh
fi
exit "$status"
