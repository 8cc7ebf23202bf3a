#!/usr/bin/env bash
# A long run in a queue that stops it: a restart is written five minutes before the limit, and the job queues itself
# again until the run is whole. Submit with: sbatch run/slurm.sh namelists/planet.nml
# One process for each task, on any number of nodes; the number may differ from one job to the next.
#SBATCH --job-name=freshet
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=16
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --signal=USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
set -u
namelist=${1:?usage: sbatch run/slurm.sh NAMELIST}

# Compiled loops are found by all nodes, and compiled once.
export FRESHET_CACHE=${FRESHET_CACHE:-$PWD/.freshet_cache}
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
options=(--set "run.threads=${SLURM_CPUS_PER_TASK:-1}")
[ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && options+=(--resume)

# mpi4py has to be built for, or be able to load, the MPI library that srun starts: freshet says so where it is not.
srun freshet run "$namelist" "${options[@]}"
status=$?
if [ "$status" -eq 75 ]; then
    echo "interrupted with a restart: back into the queue"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
