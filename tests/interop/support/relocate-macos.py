"""Relocates and describes a prefix of macOS, with nothing of this project: the macholib that Spack comes with reads the load commands.

relocate-macos.py LIBRARY relocate PREFIX OLD NEW   changes the files of a prefix in place, and signs nothing
relocate-macos.py LIBRARY describe PREFIX           prints what is in a prefix as JSON, with signatures apart
"""

import hashlib
import json
import os
import stat
import struct
import sys

sys.path.insert(0, sys.argv[1])
from spack.vendor.macholib.MachO import MachO  # noqa: E402

LC_LOAD_DYLIB, LC_ID_DYLIB, LC_RPATH, LC_LOAD_WEAK_DYLIB = 0xC, 0xD, 0x8000001C, 0x80000018
LC_SEGMENT, LC_SEGMENT_64, LC_CODE_SIGNATURE = 0x1, 0x19, 0x1D
MACH_O = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe")
# Of macOS, and of Spack itself (hooks/sbang.py).
SHEBANG_LIMIT, SPACK_LIMIT = 511, 4096


def files_below(prefix):
    for directory, names, files in os.walk(prefix):
        names[:] = sorted(name for name in names if os.path.join(directory, name) != os.path.join(prefix, ".spack"))
        links = [name for name in names if os.path.islink(os.path.join(directory, name))]
        for name in sorted(files + links):
            yield os.path.join(directory, name)


def commands_of(header):
    """The type, offset from the start of the architecture, and size of each load command."""
    at = 32 if header.MH_MAGIC in (0xFEEDFACF, 0xCFFAEDFE) else 28
    for load_command, _, _ in header.commands:
        yield load_command.cmd, at, load_command.cmdsize
        at += load_command.cmdsize


def relocate_commands(data, path, old, new):
    skipped = path.endswith(".o") or "libgcc_" in path
    for header in MachO(path).headers:
        start, order, is64 = header.offset, header.endian, header.MH_MAGIC in (0xFEEDFACF, 0xCFFAEDFE)
        first = start + (32 if is64 else 28)
        written, changed = [], []
        for kind, at, size in commands_of(header):
            command = bytes(data[start + at : start + at + size])
            # Spack leaves others to the search for strings, where they cannot become longer.
            is_read = kind in (LC_LOAD_DYLIB, LC_ID_DYLIB, LC_RPATH) and not skipped
            if is_read or (kind == LC_LOAD_WEAK_DYLIB and len(new) > len(old)):
                text_at = struct.unpack(order + "I", command[8:12])[0]
                text = command[text_at:].split(b"\0")[0]
                if text.startswith(old):
                    text = text.replace(old, new)
                    unit = 8 if is64 else 4
                    length = (text_at + len(text) + unit) // unit * unit
                    command = (command[:text_at] + text).ljust(length, b"\0")
                    command = command[:4] + struct.pack(order + "I", length) + command[8:]
                    at = first + sum(map(len, written))
                    changed.append((at, at + length))
            written.append(command)
        before = sum(size for _, _, size in commands_of(header))
        after = b"".join(written)
        room = after.ljust(before, b"\0")
        assert not any(data[first + before : first + len(room)]), path + " has no room"
        data[first : first + len(room)] = room
        data[start + 20 : start + 24] = struct.pack(order + "I", len(after))
        yield from changed


def relocate_strings(data, final, old, new):
    at = data.find(old)
    while at >= 0:
        if not any(start <= at < end for start, end in final):
            assert len(new) <= len(old)
            data[at : at + len(old)] = b"/" * (len(old) - len(new)) + new
        at = data.find(old, at + 1)


def relocate_text(data, mode, old, new):
    data[:] = data.replace(old, new)
    line = bytes(data[:SPACK_LIMIT]).split(b"\n")[0] + b"\n"
    if mode & 0o111 and data[:2] == b"#!" and SHEBANG_LIMIT < len(line) < SPACK_LIMIT:
        data[:0] = b"#!/bin/sh " + new + b"/bin/sbang\n"


def relocate(prefix, old, new):
    seen = set()
    for path in files_below(prefix):
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            target = os.fsencode(os.readlink(path))
            if target.startswith(old):
                os.unlink(path)
                os.symlink(new + target[len(old) :], path)
            continue
        if status.st_ino in seen:
            continue
        seen.add(status.st_ino)
        with open(path, "r+b") as file:
            data = bytearray(file.read())
            if data[:4] in MACH_O:
                relocate_strings(data, list(relocate_commands(data, path, old, new)), old, new)
            elif is_text(data):
                relocate_text(data, status.st_mode, old, new)
            file.seek(0)
            file.write(data)
            file.truncate()


def is_text(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def describe(prefix):
    files, inodes = {}, {}
    for path in files_below(prefix):
        status = os.lstat(path)
        name = os.path.relpath(path, prefix)
        if stat.S_ISLNK(status.st_mode):
            files[name] = {"link": os.readlink(path)}
            continue
        inodes.setdefault(status.st_ino, []).append(name)
        with open(path, "rb") as file:
            data = file.read()
        entry = files[name] = {"mode": oct(status.st_mode & 0o777)}
        if data[:4] in MACH_O:
            entry["architectures"] = [describe_architecture(data, header) for header in MachO(path).headers]
        else:
            entry["content"] = hashlib.sha256(data).hexdigest()
    return {"files": files, "hardlinks": sorted(names for names in inodes.values() if len(names) > 1)}


def describe_architecture(data, header):
    order, part = header.endian, data[header.offset : header.offset + header.size]
    commands, signature, last = [], None, len(part)
    # Names are after the type and size; fields that a signature at the end changes are left out.
    for kind, at, size in commands_of(header):
        command = part[at : at + size]
        if kind == LC_CODE_SIGNATURE:
            last, length = struct.unpack(order + "II", command[8:16])
            signature = part[last : last + length]
            continue
        if kind in (LC_SEGMENT, LC_SEGMENT_64) and command[8:18] == b"__LINKEDIT":
            wide = kind == LC_SEGMENT_64
            memory, stored = ((32, 40), (48, 56)) if wide else ((28, 32), (36, 40))
            command = command[: memory[0]] + command[memory[1] : stored[0]] + command[stored[1] :]
        commands.append(command.hex())
    return {
        "commands": commands,
        "content": hashlib.sha256(part[header.low_offset : last].rstrip(b"\0")).hexdigest(),
        "signature": signature and describe_signature(part, signature),
    }


def describe_signature(code, signature):
    count = struct.unpack(">I", signature[8:12])[0]
    entries = [struct.unpack(">II", signature[at : at + 8]) for at in range(12, 12 + 8 * count, 8)]
    blobs = {slot: signature[at : at + struct.unpack(">I", signature[at + 4 : at + 8])[0]] for slot, at in entries}
    directory = blobs.pop(0)
    flags, hashes_at, _, _, pages, limit = struct.unpack(">IIIIII", directory[12:36])
    size, page = directory[36], 1 << directory[39]
    hashes = [directory[hashes_at + size * index :][:size] for index in range(pages)]
    right = [hashlib.sha256(code[page * index : min(limit, page * (index + 1))]).digest() for index in range(pages)]
    special = [directory[hashes_at - size * slot :][:size] for slot in blobs if slot < 8]
    return {
        "flags": flags,
        "wrong": [index for index in range(pages) if hashes[index] != right[index]],
        "wrongBlobs": [
            slot
            for slot, digest in zip([slot for slot in blobs if slot < 8], special)
            if hashlib.sha256(blobs[slot]).digest() != digest
        ],
        "entitlements": [blobs[slot].hex() for slot in (5, 7) if slot in blobs],
        "certified": len(blobs.get(0x10000, b"")) > 8,
    }


if sys.argv[2] == "relocate":
    relocate(sys.argv[3], os.fsencode(sys.argv[4]), os.fsencode(sys.argv[5]))
else:
    print(json.dumps(describe(sys.argv[3])))
