"""Makes an index of specs as Spack's update-index does, but for the fetching: what measure-index.mjs compares with.

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
    """What a package's config says of its spec: the nodes that the root reaches."""
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
