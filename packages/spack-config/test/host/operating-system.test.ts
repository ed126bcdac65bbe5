// Spack's names of operating systems are derived from os-release files.

import { expect, it } from "vitest";
import { linuxDistribution, macRelease } from "../../src/host/operating-system.js";

it.each([
  ['ID=debian\nVERSION_ID="12"\n', "debian12"],
  ['ID=ubuntu\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n', "ubuntu22.04"],
  ['ID="rhel"\nVERSION_ID="9.3"\n', "rhel9"],
  ['NAME="Oracle Linux Server"\nID="ol"\nVERSION_ID="8.9"\n', "oracle8"],
  ["ID='opensuse-leap'\nVERSION_ID='15.5'\n", "opensuse15"],
  ["ID=arch\n", "arch"],
  ["", "unknown"],
])("%j", (text, name) => expect(linuxDistribution(text)).toBe(name));

it.each([
  ["14.4.1", "sonoma"],
  ["10.15.7", "catalina"],
  ["26.0", "tahoe"],
  ["99.1", "macos"],
])("macOS %s", (version, name) => {
  const plist = `<dict>\n<key>ProductVersion</key>\n<string>${version}</string>\n</dict>`;
  expect(macRelease(plist)).toBe(name);
});
