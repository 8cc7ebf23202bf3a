#!/usr/bin/env bash
# As run/slurm.sh for PBS: submit with qsub -v NAMELIST=namelists/planet.nml run/pbs.sh
#PBS -N freshet
#PBS -l select=2:ncpus=16:mpiprocs=16
#PBS -l walltime=04:00:00
#PBS -r y
set -u
cd "$PBS_O_WORKDIR" || exit 1
ranks=$(wc -l < "$PBS_NODEFILE")
threads=${NCPUS_PER_RANK:-1}
export FRESHET_CACHE=${FRESHET_CACHE:-$PWD/.freshet_cache}
options=(--set "run.threads=$threads")
[ "${RESUME:-0}" = 1 ] && options+=(--resume)

# PBS sends SIGTERM at the limit, some seconds before SIGKILL; timeout comes five minutes earlier. USR1 is the one signal
# that every mpiexec hands on.
timeout --preserve-status --signal=USR1 13800 mpiexec -n "$ranks" freshet run "$NAMELIST" "${options[@]}"
status=$?
if [ "$status" -eq 75 ]; then
    qsub -v NAMELIST="$NAMELIST",RESUME=1 run/pbs.sh
fi
exit "$status"
