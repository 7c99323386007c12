/**
 * A text as HTML: names and policies of users hold any character.
 */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
