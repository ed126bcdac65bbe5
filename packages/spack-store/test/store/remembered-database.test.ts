// A remembered database never misses what others write.

import { join } from "node:path";
import { expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { parseDatabase } from "../../src/database/read-database.js";
import { databaseOf } from "../../src/database/record.js";
import { removeRecord } from "../../src/database/remove-record.js";
import { loadFileLocks } from "../../src/locks/load-file-locks.js";
import { readInstallDatabase, updateInstallDatabase } from "../../src/store/database-file.js";
import { RememberedDatabase } from "../../src/store/remembered-database.js";
import { storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";

const locks = await loadFileLocks();
const sample = parseDatabase(readFixture("spack-1.2/producer/spack-db-index.json"), "index.json");
const [first = "", second = "", third = ""] = sample.records.keys();

it("reads what other processes wrote, and keeps its own changes", async () => {
  const store = storeAt(join(temporaryDirectory(), "store"));
  const remembered = new RememberedDatabase(store);
  expect((await remembered.read()).records.size).toBe(0);
  await updateInstallDatabase(store, { locks }, () => sample);
  expect((await remembered.read()).records).toEqual(sample.records);
  expect(await remembered.read()).toBe(await remembered.read());

  const marked = (hash: string) => (database: typeof sample) => removeRecord(database, hash);
  for (const [ours, theirs] of [
    [first, second],
    [second, third],
  ] as const) {
    await remembered.update({ locks }, marked(ours));
    await updateInstallDatabase(store, { locks }, marked(theirs));
    const { records } = await remembered.read();
    expect([records.get(ours)?.installed, records.get(theirs)?.installed]).toEqual([false, false]);
    expect(records).toEqual((await readInstallDatabase(store)).records);
  }
});

it("is last read when another process has changed it", async () => {
  const store = storeAt(join(temporaryDirectory(), "store"));
  await updateInstallDatabase(store, { locks }, () => sample);
  const remembered = new RememberedDatabase(store);
  await remembered.read();
  const { lastRead } = remembered;
  await remembered.update({ locks }, (database) => removeRecord(database, first));
  await remembered.read();
  expect(remembered.lastRead).toBe(lastRead);
  await updateInstallDatabase(store, { locks }, (database) => removeRecord(database, second));
  await remembered.read();
  expect(remembered.lastRead?.records).toEqual((await readInstallDatabase(store)).records);
});

it("rejects versions that cannot be written", async () => {
  const store = storeAt(join(temporaryDirectory(), "store"));
  await updateInstallDatabase(store, { locks }, () => databaseOf(new Map(), 8));
  const remembered = new RememberedDatabase(store);
  const change = remembered.update({ locks }, ({ records }) => databaseOf(records, 6));
  await expect(change).rejects.toMatchObject({ code: "ERR_DATABASE_VERSION" });
  expect((await remembered.read()).version).toBe(8);
});
