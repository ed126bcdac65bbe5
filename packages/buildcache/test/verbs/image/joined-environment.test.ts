// The environments of packages are joined as Spack joins packages, using only their images.

import { describe, expect, it } from "vitest";
import { joinedEnvironment } from "../../../src/verbs/image/joined-environment.js";
import type { ImageMember } from "../../../src/verbs/image/read-member.js";
import { member } from "../../support/members.js";
import { graphOf, hashOf, node } from "../../support/nodes.js";

interface Case {
  readonly members: readonly ImageMember[];
  readonly roots: readonly string[];
  readonly base?: readonly string[];
  readonly view?: string;
}

function joined({ members, roots, base = [], view }: Case): Promise<string[]> {
  const graph = graphOf(...members.map((each) => each.node));
  return joinedEnvironment({ graph, roots: roots.map(hashOf), members, base, view });
}

const lib = member("lib", {
  environment: ["PATH=/s/lib/bin:/s/lib/bin:/bin:/usr/bin", "LD_LIBRARY_PATH=/s/lib/lib"],
});
const app = member("app", {
  node: node("app", ["lib:link"]),
  environment: [
    "PATH=/s/app/bin:/s/app/bin:/s/lib/bin:/bin:/usr/bin",
    "LD_LIBRARY_PATH=/s/app/lib:/s/lib/lib",
    "APP_HOME=/s/app",
  ],
});

describe("joinedEnvironment", () => {
  it("gives a single package the environment of its own image", async () => {
    expect(await joined({ members: [lib, app], roots: ["app"] })).toEqual(
      [...app.environment].sort(
        (a, b) => Number(b.startsWith("PATH")) - Number(a.startsWith("PATH")) || (a < b ? -1 : 1),
      ),
    );
  });

  it("puts it in front of the base's, whose other variables stay", async () => {
    const base = ["PATH=/usr/local/bin:/bin", "LANG=C", "APP_HOME=/elsewhere"];
    expect(await joined({ members: [lib, app], roots: ["app"], base })).toEqual([
      "PATH=/s/app/bin:/s/app/bin:/s/lib/bin:/usr/local/bin:/bin",
      "LANG=C",
      "APP_HOME=/s/app",
      "LD_LIBRARY_PATH=/s/app/lib:/s/lib/lib",
    ]);
  });

  it("joins several packages, the first in front", async () => {
    const other = member("other", {
      node: node("other", ["lib:link"]),
      environment: ["PATH=/s/other/bin:/s/other/bin:/s/lib/bin", "APP_HOME=/s/other"],
    });
    expect(await joined({ members: [lib, other, app], roots: ["app", "other"] })).toEqual([
      "PATH=/s/app/bin:/s/other/bin:/s/app/bin:/s/other/bin:/s/lib/bin:/bin:/usr/bin",
      "APP_HOME=/s/app",
      "LD_LIBRARY_PATH=/s/app/lib:/s/lib/lib",
    ]);
  });

  it("leaves out values of the machine or another base, and keeps those that only a recipe can have set", async () => {
    const environment = ["PATH=/s/app/bin", "MANPATH=/usr/share/man", "MODE=fast"];
    const based = member("app", {
      environment: [...environment, "LANG=C", "HOME_OF=/s/app/x"],
      hasBase: true,
    });
    expect(await joined({ members: [based], roots: ["app"] })).toEqual([
      "PATH=/s/app/bin:/s/app/bin:/bin:/usr/bin",
      "HOME_OF=/s/app/x",
    ]);
    const bare = member("app", { environment });
    expect(await joined({ members: [bare], roots: ["app"] })).toContain("MODE=fast");
    expect(await joined({ members: [bare], roots: ["app"] })).not.toContain("MANPATH=/usr/share/man");
  });

  it("keeps a directory that a package adds for another one", async () => {
    const adding = member("app", {
      node: node("app", ["lib:link"]),
      environment: ["PLUGIN_PATH=/s/lib/plugins"],
    });
    expect(await joined({ members: [lib, adding], roots: ["app"] })).toContain("PLUGIN_PATH=/s/lib/plugins");
  });

  it("treats a variable with several directories as a list, regardless of its name", async () => {
    const perl = member("app", { environment: ["PERL5LIB=/s/app/lib:/s/app/share"] });
    const members = [perl];
    expect(await joined({ members, roots: ["app"], base: ["PERL5LIB=/usr/lib"] })).toContain(
      "PERL5LIB=/s/app/lib:/s/app/share:/usr/lib",
    );
  });

  it("names the view once, if there is one", async () => {
    expect(await joined({ members: [lib, app], roots: ["app"], view: "/v" })).toEqual([
      "PATH=/v/bin:/bin:/usr/bin",
      "APP_HOME=/v",
      "LD_LIBRARY_PATH=/v/lib",
    ]);
  });
});
