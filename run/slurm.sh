#!/usr/bin/env bash
# A long run in a queue that stops it: a restart is written five minutes before the limit, and the job queues itself
# again until the run is whole. Submit with: sbatch run/slurm.sh namelists/hbv_caravan.nml
#SBATCH --job-name=freshet
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=16
#SBATCH --time=04:00:00
#SBATCH --signal=USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
set -u
namelist=${1:?usage: sbatch run/slurm.sh NAMELIST}

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
options=(--set "run.threads=${SLURM_CPUS_PER_TASK:-1}")
[ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && options+=(--resume)

srun --ntasks=1 freshet run "$namelist" "${options[@]}"
status=$?
if [ "$status" -eq 75 ]; then
    echo "interrupted with a restart: back into the queue"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
