"""Faults on purpose: real servers and processes killed, cut off and filled up under their clients.

`scripts/chaos` runs it. What is promised to clients is written down by the clients alone; at the
end it is compared with what the database and the store have.
"""
