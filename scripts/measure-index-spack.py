"""Indexes specs like Spack's update-index, without fetching them, for comparison by measure-index.mjs.

Run by Spack: spack python measure-index-spack.py INDEX.json
"""

import json
import resource
import sys
import tempfile
import time

import spack.binary_distribution
import spack.spec

with open(sys.argv[1], encoding="utf-8") as file:
    installs = json.load(file)["database"]["installs"]


def spec_dict(root):
    """The spec in a package's config: the nodes reachable from the root."""
    nodes, todo = {}, [root]
    while todo:
        dag_hash = todo.pop()
        if dag_hash not in nodes:
            nodes[dag_hash] = installs[dag_hash]["spec"]
            todo += [edge["hash"] for edge in nodes[dag_hash].get("dependencies", [])]
    return {"spec": {"_meta": {"version": 5}, "nodes": list(nodes.values())}}


roots = [dag_hash for dag_hash, record in installs.items() if record["in_buildcache"]]
with tempfile.TemporaryDirectory() as directory:
    database = spack.binary_distribution.BuildCacheDatabase(directory)
    for root in roots:
        spec = spack.spec.Spec.from_dict(spec_dict(root))
        database.add(spec)
        database.mark(spec, "in_buildcache", True)
    with open(directory + "/index.json", "w", encoding="utf-8") as file:
        database._write_to_file(file)
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
