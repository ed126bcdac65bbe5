// The producer's install database among the fixtures.

import { readDatabase } from "./database.js";

export const producer = readDatabase("spack-1.2/producer/spack-db-index.json");

export const { graph } = producer;

export const prefixOf = (hash: string) => producer.records.get(hash)?.path ?? undefined;
