// One SVG of all the icons that the house uses, each a <symbol>. Names are found in templates ({% icon "plus" %}), in
// Python and YAML (on lines that speak of icons, and in tables called …ICONS), and in scripts (icon("plus")).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ALWAYS = ["circle-check", "info-circle", "alert-triangle", "alert-circle", "x", "wifi-off"];

function* files(folder, endings) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, endings);
    else if (endings.some((ending) => entry.name.endsWith(ending))) yield path;
  }
}

const all = (text, pattern, group = 1) => [...text.matchAll(pattern)].map((match) => match[group]);
const quoted = (text) => all(text, /["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g);

const inTemplate = (text) => all(text, /\{%\s*icon\s+["']([^"'{]+)["']/g);
const inScript = (text) => all(text, /\bicon\(["']([^"']+)["']/g);
const nearIcons = (text) => [
  ...text.split("\n").filter((line) => /icon|NavItem|ActionItem/i.test(line)).flatMap((line) => [
    ...quoted(line),
    ...all(line, /icon:\s*([a-z0-9-]+)/g),
    ...all(line, /\bicon\s*=\s*([a-z0-9-]+)/g),
  ]),
  ...all(text, /ICONS\b[^=\n]*=\s*[{[(]([\s\S]*?)\n?[}\])]/g).flatMap(quoted),
];

const drawing = (root, name) => join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);

function symbol(root, name) {
  const svg = readFileSync(drawing(root, name), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const drawn = shapes.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
}

export function sprite(root) {
  const names = new Set(ALWAYS);
  for (const path of files(join(root, "templates"), [".html"])) {
    const text = readFileSync(path, "utf8");
    for (const name of inTemplate(text)) {
      if (!existsSync(drawing(root, name))) throw new Error(`${path} uses the icon “${name}”, which Tabler does not have`);
      names.add(name);
    }
    nearIcons(text).forEach((name) => names.add(name));
  }
  for (const path of files(join(root, "studio"), [".py", ".yaml"])) {
    nearIcons(readFileSync(path, "utf8")).forEach((name) => names.add(name));
  }
  for (const path of files(join(root, "static/js"), [".js"])) {
    inScript(readFileSync(path, "utf8")).forEach((name) => names.add(name));
  }
  const known = [...names].filter((name) => existsSync(drawing(root, name))).sort();
  return `<svg xmlns="http://www.w3.org/2000/svg">${known.map((name) => symbol(root, name)).join("")}</svg>\n`;
}
