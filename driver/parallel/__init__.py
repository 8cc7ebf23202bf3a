"""Many processes as one run: who they are, what they exchange, and which part of the work is whose.

Only driver/parallel/messages.py and exchange.py import mpi4py, and only where a launcher started several processes.
"""
