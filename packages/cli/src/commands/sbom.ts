// spack-oci sbom: writes bills of materials for packages in a buildcache.

import { join } from "node:path";
import type { BillDocument, SbomResult, WrittenBill } from "@spack-oci/buildcache";
import { BILL_FORMATS } from "@spack-oci/buildcache/limits";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { BILL_FORMAT_OPTION, thisTool } from "../options/bills.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { requireWritable, writeWholeFile } from "../process/write-file.js";
import { failureLines, packageFailures } from "../render/failures.js";
import { describeFailures, failuresToJson, packageErrors, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

const PRINTING = `\
Without --attach and --output, the document of a single package is printed;
with --json, those of any number of packages.`;

export const sbomCommand = defineCommand({
  name: "sbom",
  summary: "Write bills of materials (SPDX, CycloneDX) for packages, and attach them.",
  examples: [
    { purpose: "Print what zlib consists of and runs with", line: "sbom mochi zlib" },
    { purpose: "Attach documents in both formats to all images", line: "sbom mochi --attach" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    format: BILL_FORMAT_OPTION,
    withBuildDependencies: flag("--with-build-dependencies", "also list what the packages were built with"),
    attach: flag("--attach", "attach the documents to the images, as OCI referrers"),
    output: text("--output <directory>", "write the documents to files in a directory"),
  },
  notes: PRINTING,
  async run(args, { session, run, json }) {
    const { sbom } = await import("@spack-oci/buildcache");
    const { attach, output, withBuildDependencies } = args;
    const prints = !attach && output === undefined;
    const formats = args.format ?? (prints ? ["spdx"] : BILL_FORMATS);
    if (prints && !json && (args.specs.length !== 1 || formats.length !== 1)) throw onlyOne();
    if (output !== undefined) await requireWritable(join(output, "x"), unwritable(output, "usage"));
    const kept: BillDocument[] = [];
    const receive = async (document: BillDocument) => {
      if (prints) kept.push(document);
      if (output === undefined) return;
      await writeWholeFile(
        join(output, document.name),
        document.bytes.toString(),
        unwritable(output, "failed"),
      );
    };
    const request = {
      ...(await specRequest(args.specs, session)),
      formats,
      withBuildDependencies,
      attach,
      createdAt: sourceDate(session.environmentVariables),
      tool: thisTool(),
      receive,
    };
    const mirror = session.mirrors.open(args.mirror, attach ? "push" : "fetch");
    const result = await sbom(mirror, request, { run });
    return renderSbom(result, kept, { prints, output });
  },
});

export function renderSbom(
  result: SbomResult,
  printed: readonly BillDocument[],
  { prints, output }: { readonly prints: boolean; readonly output: string | undefined },
): CommandResult {
  const { packages, documents } = result;
  const contents = new Map(printed.map(({ name, bytes }) => [name, bytes.toString("utf8")]));
  const failures = failureLines(packageFailures(packages));
  const [text = ""] = contents.values();
  return {
    json: {
      documents: documents.map((document) =>
        documentToJson(document, { content: contents.get(document.name), output }),
      ),
      ...failuresToJson(packages),
    },
    lines: prints
      ? [...failures, ...(text === "" ? [] : text.trimEnd().split("\n"))]
      : [...failures, ...toLines(result, output)],
    status: statusOfAll(packageErrors(packages)),
  };
}

function documentToJson(
  { package: node, tag, image, format, name, digest, size, attached }: WrittenBill,
  { content, output }: { readonly content: string | undefined; readonly output: string | undefined },
) {
  return {
    ...packageToJson(node),
    tag,
    image,
    format,
    digest,
    size,
    ...(output === undefined ? {} : { file: join(output, name) }),
    ...(attached === undefined ? {} : { referrer: attached.manifest.digest, outcome: attached.outcome }),
    ...(content === undefined ? {} : { document: JSON.parse(content) as unknown }),
  };
}

function toLines({ packages, documents }: SbomResult, output: string | undefined): string[] {
  const attached = documents.flatMap(({ attached }) => attached?.outcome ?? []);
  const added = attached.filter((outcome) => outcome === "attached").length;
  const present = attached.length - added;
  const done = packages.filter(({ outcome }) => outcome === "done").length;
  const where = [
    ...(output === undefined ? [] : [`wrote ${formatCount(documents.length, "file")} to ${output}`]),
    ...(attached.length === 0 ? [] : [`attached ${added}, ${present} already present`]),
  ];
  return [
    `Described ${formatCount(done, "package")} in ${formatCount(documents.length, "document")}; ${where.join("; ")}${describeFailures(packages)}.`,
  ];
}

function onlyOne(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "Only one document about one package can be printed.", {
    kind: "usage",
    hint: `Give one spec and one --format, or use "--output DIRECTORY", "--attach" or "--json".`,
  });
}

function unwritable(directory: string, kind: "usage" | "failed") {
  return (_: string, cause: unknown) =>
    new SpackOciError("ERR_SBOM_OUTPUT", `Cannot write to ${directory}: ${reasonOf(cause)}`, {
      kind,
      place: directory,
      hint: "Choose an existing, writable directory.",
      cause,
    });
}
