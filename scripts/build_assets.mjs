// Builds static/dist/: mews.css, mews.js, editor.js and icons.svg. Rooms' styles and scripts are found by folder.
import { build } from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { followSystemTheme } from "./assets/auto_theme.mjs";
import { sprite } from "./assets/icon_sprite.mjs";

const root = join(import.meta.dirname, "..");
const dist = join(root, "static/dist");
const target = ["chrome111", "firefox115", "safari16.4"];
const common = { bundle: true, minify: true, target, logLevel: "warning", absWorkingDir: root, write: false, legalComments: "none" };

const found = (folder, ending) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).sort() : [];

const together = (first, folder, ending, line) =>
  [first, ...found(folder, ending).map((name) => `./${folder}/${name}`)].map(line).join("\n");

const css = together("./static/css/mews.css", "static/css/rooms", ".css", (path) => `@import "${path}";`);
const js = together("./static/js/mews.js", "static/js/rooms", ".js", (path) => `import "${path}";`);

const styles = await build({ ...common, stdin: { contents: css, resolveDir: root, loader: "css" } });
const script = await build({ ...common, format: "esm", stdin: { contents: js, resolveDir: root, loader: "js" } });
const editor = await build({ ...common, format: "esm", entryPoints: ["static/editor/index.js"], outdir: dist });

const icons = sprite(root);

// Everything is made before anything is taken away: a failed build leaves the former one.
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, "mews.css"), followSystemTheme(styles.outputFiles[0].text));
writeFileSync(join(dist, "mews.js"), script.outputFiles[0].text);
writeFileSync(join(dist, "editor.js"), editor.outputFiles[0].text);
writeFileSync(join(dist, "icons.svg"), icons);
cpSync(join(root, "static/img"), dist, { recursive: true });
