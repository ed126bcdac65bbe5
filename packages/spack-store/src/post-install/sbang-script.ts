// The script that runs scripts with long interpreter lines.

/**
 * A POSIX shell script for `bin/sbang` of a store. It runs the script in its first argument with the interpreter in
 * that script's second line, as left by `filterShebang`, or in its first line.
 *
 * It behaves like Spack's sbang: `perl` and `ruby` skip the first line (`-x`), and with `SBANG_DEBUG` the command is
 * printed instead of run.
 */
export const SBANG_SCRIPT = `#!/bin/sh
# sbang: runs scripts whose interpreter line is too long for the kernel.
#
# Such a script names this file in its first line, and in its second line its real interpreter, after one of
#     #!   //!   --!   <?php #!
# Set SBANG_DEBUG to see the command instead of running it.

fail() {
    echo "sbang: $*" >&2
    exit 1
}

[ -n "$1" ] || fail "name the script to run"
[ -f "$1" ] || fail "$1: no such file"

{ IFS= read -r first; IFS= read -r second; } < "$1"

command=
for line in "$first" "$second"; do
    case "$line" in
        "<?php #!"*) command=\${line#"<?php #!"}; command=\${command%" ?>"} ;;
        "#!"* | "//!"* | "--!"*) command=\${line#??}; command=\${command#"!"} ;;
    esac
done

set -f
interpreter=
argument=
for word in $command; do
    if [ -z "$interpreter" ]; then
        interpreter=$word
    else
        argument=$word
        break
    fi
done
[ -n "$interpreter" ] || fail "$1: no interpreter in its first two lines"

program=\${interpreter##*/}
[ "$interpreter" = /usr/bin/env ] && program=$argument
case "$program:\${argument##*/}" in
    sbang:* | sh:sbang) fail "$1: names sbang as its interpreter, which would never end" ;;
    perl:* | ruby:*) command="$command -x" ;;
esac

if [ -n "$SBANG_DEBUG" ]; then
    echo $command "$@"
else
    exec $command "$@"
fi
`;
