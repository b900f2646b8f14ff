// Colouring for Falco's conditions and outputs: a scanner is enough, the engine does the parsing.
import { StreamLanguage } from "@codemirror/language";

const OPERATORS = new Set(
  "contains icontains bcontains startswith bstartswith endswith glob iglob in intersects pmatch exists regex anyof allof".split(" "),
);
const KEYWORDS = new Set(["and", "or", "not"]);

function word(stream) {
  const text = stream.match(/^[^\s()=<>!,"'[\]]+/)?.[0] ?? stream.next();
  const lower = text.toLowerCase();
  if (KEYWORDS.has(lower)) return "keyword";
  if (OPERATORS.has(lower)) return "operatorKeyword";
  if (/^-?\d/.test(text)) return "number";
  if (stream.peek() === "(") return "variableName.function";
  if (/^[a-z][\w]*(\.[\w]+)+$/.test(text)) {
    stream.match(/^\[[^\]]*\]/);
    return "propertyName";
  }
  return /^[a-z_]\w*$/.test(text) ? "variableName" : "string";
}

export const condition = StreamLanguage.define({
  name: "falco-condition",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^(?:[=!<>]=?)/)) return "operator";
    if (stream.match(/^[()]/)) return "paren";
    if (stream.match(/^,/)) return "separator";
    return word(stream);
  },
  languageData: { closeBrackets: { brackets: ["(", '"'] } },
});

export const output = StreamLanguage.define({
  name: "falco-output",
  token(stream) {
    if (stream.match(/^%[a-zA-Z0-9_.]+(?:\[[^\]]*\])?/) || stream.match(/^%\*?[a-z]+/)) return "propertyName";
    if (stream.match(/^ \| /)) return "operator";
    if (stream.match(/^[a-z][a-z0-9_]*=(?=%)/)) return "variableName";
    if (!stream.match(/^[\w]+/)) stream.next();
    return null;
  },
});
