// Translates CQL text to ELM JSON with the reference translator of the CQL framework.
//
// Arguments: the CQL file, the ELM file to write. Errors are printed and fatal; the translator is
// told the types of the language itself, which its package leaves to the caller.
import { readFileSync, writeFileSync } from "node:fs";
import {
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createModelInfoProvider,
  stringAsSource,
} from "@cqframework/cql/cql-to-elm";

const [cqlFile, elmFile] = process.argv.slice(2);
const system = readFileSync(new URL("system-modelinfo.xml", import.meta.url), "utf8");
const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(
  createModelInfoProvider((name) => (name === "System" ? stringAsSource(system) : null))
);
const translator = CqlTranslator.fromText(readFileSync(cqlFile, "utf8"), new LibraryManager(models));
const elm = translator.toJson();
const errors = (JSON.parse(elm).library.annotation ?? []).filter((each) => each.errorSeverity === "error");
for (const error of errors) {
  process.stderr.write(`line ${error.startLine}: ${error.message}\n`);
}
writeFileSync(elmFile, elm);
process.exit(errors.length ? 1 : 0);
