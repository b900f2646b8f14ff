// Dark rules of a stylesheet apply to [data-bs-theme=dark]. This gives each a twin for people who follow their system:
// the same rule for [data-bs-theme=auto] inside @media (prefers-color-scheme: dark), right behind it in the cascade.
// Rules of high contrast, for [data-contrast=more], get theirs in the same way.

const DARK = { mark: "[data-bs-theme=dark]", auto: "[data-bs-theme=auto]", media: "(prefers-color-scheme:dark)" };
const CONTRAST = { mark: "[data-contrast=more]", auto: "[data-contrast=auto]", media: "(prefers-contrast:more)" };

// Splits minified CSS into blocks "head{body}" and statements "…;".
export function* blocks(css) {
  let start = 0;
  for (let at = 0; at < css.length; at += 1) {
    const sign = css[at];
    if (sign === '"' || sign === "'") {
      at = endOfString(css, at);
    } else if (sign === ";") {
      yield { text: css.slice(start, at + 1) };
      start = at + 1;
    } else if (sign === "{") {
      const end = endOfBlock(css, at);
      yield { head: css.slice(start, at), body: css.slice(at + 1, end), text: css.slice(start, end + 1) };
      start = at = end + 1;
      at -= 1;
    }
  }
  if (css.slice(start).trim()) yield { text: css.slice(start) };
}

function endOfString(css, at) {
  let end = at + 1;
  while (end < css.length && css[end] !== css[at]) end += css[end] === "\\" ? 2 : 1;
  return end;
}

function endOfBlock(css, at) {
  let depth = 0;
  for (let end = at; end < css.length; end += 1) {
    if (css[end] === '"' || css[end] === "'") end = endOfString(css, end);
    else if (css[end] === "{") depth += 1;
    else if (css[end] === "}" && --depth === 0) return end;
  }
  throw new Error(`Unclosed block in the stylesheet at ${css.slice(at - 80, at + 20)}`);
}

// Selector lists are split at commas outside parentheses and brackets.
const selectors = (head) => head.match(/(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\]|[^,])+/g) ?? [];

const twins = (head, { mark, auto }) =>
  selectors(head)
    .filter((one) => one.includes(mark) && !one.includes(":not(") && !one.includes("[data-bs-theme=light]"))
    .map((one) => one.replaceAll(mark, auto))
    .join(",");

function withTwins(css, choice) {
  let out = "";
  for (const { head, body, text } of blocks(css)) {
    if (head === undefined || !text.includes(choice.mark)) out += text;
    else if (head.trim().startsWith("@")) out += `${head}{${withTwins(body, choice)}}`;
    else {
      const twin = twins(head, choice);
      out += twin ? `${text}@media ${choice.media}{${twin}{${body}}}` : text;
    }
  }
  return out;
}

export const followSystemTheme = (css) => withTwins(withTwins(css, CONTRAST), DARK);
