// llama.cpp on a GGUF file: node llama_cpp.mjs FILE IDS.json NEW_TOKENS
import fs from "node:fs";
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

const [file, idsFile, count] = process.argv.slice(2);
const ids = JSON.parse(fs.readFileSync(idsFile, "utf8"));
const news = Number(count);
const llama = await getLlama({gpu: process.platform === "darwin" ? "auto" : false, logLevel: LlamaLogLevel.error, build: "never"});
const start = performance.now();
const model = await llama.loadModel({modelPath: file});
const loaded = (performance.now() - start) / 1000;
const context = await model.createContext({contextSize: ids.length + news + 8, batchSize: 512, threads: llama.cpuMathCores});

async function generate() {
  const sequence = context.getSequence();
  const begin = performance.now();
  let first = null, made = 0;
  for await (const token of sequence.evaluate(ids, {temperature: 0, yieldEogToken: true})) {
    first ??= performance.now();
    if (++made === news) break;
  }
  const end = performance.now();
  await sequence.dispose();
  return [(first - begin) / 1000, (end - first) / 1000];
}

await generate();
const [prompt, rest] = await generate();
console.log(JSON.stringify({prompt_tps: ids.length / prompt, generation_tps: news > 1 ? (news - 1) / rest : null, load_s: loaded}));
process.exit(0);
