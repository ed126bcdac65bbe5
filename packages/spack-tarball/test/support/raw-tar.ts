// Writes archives field by field, so that tests can write what no tool would.

/** One member. Defaults are what GNU tar writes for an empty regular file. */
export interface RawMember {
  readonly name: string | Buffer;
  readonly type?: string;
  readonly content?: Buffer | string;
  readonly linkName?: string | Buffer;
  readonly mode?: number;
  readonly mtime?: number;
  /** The size field, if it is not the length of the content. */
  readonly size?: number | Buffer;
  readonly prefix?: string;
  readonly magic?: string;
}

const bytes = (text: string | Buffer) => (typeof text === "string" ? Buffer.from(text) : text);
const padded = (content: Buffer) =>
  Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);

export function rawMember(member: RawMember): Buffer {
  const content = bytes(member.content ?? "");
  const block = Buffer.alloc(512);
  bytes(member.name).copy(block, 0, 0, 100);
  block.write(`${(member.mode ?? 0o644).toString(8).padStart(7, "0")}\0`, 100);
  block.write("0000000\x000000000\0", 108);
  const size = member.size ?? content.length;
  if (typeof size === "number") block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  else size.copy(block, 124, 0, 12);
  block.write(`${(member.mtime ?? 0).toString(8).padStart(11, "0")}\0`, 136);
  block.write(member.type ?? "0", 156, "latin1");
  bytes(member.linkName ?? "").copy(block, 157, 0, 100);
  block.write(member.magic ?? "ustar\x0000", 257, "latin1");
  block.write(member.prefix ?? "", 345, "latin1");
  return Buffer.concat([sealed(block), padded(content)]);
}

/** A block with its checksum. */
export function sealed(block: Buffer): Buffer {
  block.write("        ", 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** A pax header with these records. */
export function rawPax(records: Readonly<Record<string, string | Buffer>>, type = "x"): Buffer {
  const content = Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), bytes(value), Buffer.from("\n")]);
      let length = rest.length;
      while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
  return rawMember({ name: "pax", type, content });
}

export const END_OF_ARCHIVE = Buffer.alloc(1024);

export function rawTar(members: readonly (RawMember | Buffer)[]): Buffer {
  const parts = members.map((member) => (Buffer.isBuffer(member) ? member : rawMember(member)));
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

export const directory = (name: string): RawMember => ({ name: `${name}/`, type: "5", mode: 0o755 });
export const file = (name: string, content: Buffer | string = ""): RawMember => ({ name, content });
export const symlink = (name: string, linkName: string | Buffer): RawMember => ({
  name,
  type: "2",
  linkName,
});
export const hardlink = (name: string, linkName: string): RawMember => ({ name, type: "1", linkName });

/** A minimal build info. */
export const BUILD_INFO = "{buildpath: /s, hash_to_prefix: {h: /s/p}, relocate_textfiles: []}\n";

/** A package at `s/p` with additional members before its build info. */
export function rawPackage(...members: readonly (RawMember | Buffer)[]): Buffer {
  return rawTar([
    directory("s"),
    directory("s/p"),
    ...members,
    file("s/p/.spack/binary_distribution", BUILD_INFO),
  ]);
}
