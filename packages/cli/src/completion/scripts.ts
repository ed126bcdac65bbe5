// What each shell evaluates. The scripts hold no words of the grammar: they ask the program, so that they fit every
// version of it.

/** The word that asks for completions; not in help, because only these scripts use it. */
export const COMPLETE_WORD = "__complete";

/** Lines that stand for paths, which the shell lists itself. */
export const PATH_LINES = { files: ":files", directories: ":directories" } as const;

export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** Bash takes `:`, `=` and `@` for the ends of words, and completes only what follows the last of them. */
const BASH = `\
# Completion of spack-oci for bash: source it, or save it as
# ~/.local/share/bash-completion/completions/spack-oci
_spack_oci() {
  local line=\${COMP_LINE:0:COMP_POINT} skip="" candidate
  local breaks=\${COMP_WORDBREAKS//[!@:=]/}
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local current=\${words[\${#words[@]}-1]}
  [[ -n $breaks && $current == *[$breaks]* ]] && skip=\${current%"\${current##*[$breaks]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in
      ${PATH_LINES.files}) compopt -o default ;;
      ${PATH_LINES.directories}) compopt -o dirnames ;;
      ?*) COMPREPLY+=("\${candidate#"$skip"}") ;;
    esac
  done < <(spack-oci ${COMPLETE_WORD} "\${words[@]:1}" 2>/dev/null)
}
complete -F _spack_oci spack-oci
`;

const ZSH = `\
#compdef spack-oci
# Completion of spack-oci for zsh: source it after compinit, or save it as _spack-oci in a directory of $fpath.
_spack-oci() {
  local line
  local -a candidates
  for line in "\${(@f)$(spack-oci ${COMPLETE_WORD} "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    case $line in
      ${PATH_LINES.files}) _files ;;
      ${PATH_LINES.directories}) _files -/ ;;
      ?*) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#candidates} )) && _describe -t words 'spack-oci' candidates
}
if [[ \${funcstack[1]} == _spack-oci ]]; then
  _spack-oci "$@"
else
  compdef _spack-oci spack-oci
fi
`;

const FISH = `\
# Completion of spack-oci for fish: save it as ~/.config/fish/completions/spack-oci.fish
function __spack_oci_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (spack-oci ${COMPLETE_WORD} $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ${PATH_LINES.files}
                __fish_complete_path "$current"
            case ${PATH_LINES.directories}
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c spack-oci -e
complete -c spack-oci -f -a '(__spack_oci_complete)'
`;

export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
