import resource
import time
from pathlib import Path

from simulator.log import open_store

t = time.process_time()
w = time.time()
st = open_store(Path("/tmp/lead/handoff-bench-100000.sqlite3"))
st.tally_all()
print(time.process_time() - t, time.time() - w, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
st.close()
