// The peer: the same GPT and the same step in TensorFlow.js, on its WebAssembly backend. A plain
// script: `tf` is the global that the library's own bundle makes.

const SLOPE = Math.sqrt(2 / Math.PI);

async function ready() {
  tf.wasm.setWasmPaths("./");
  await tf.setBackend("wasm");
  await tf.ready();
  return `TensorFlow.js ${tf.version.tfjs}, ${tf.getBackend()}`;
}

// Variables under the engine's names. Weights stand as (in, out), which its products are fastest with.
function parameters(V, T, C, L, given) {
  const made = {};
  const add = (name, shape, start) => {
    const wide = shape.length === 2;
    const linear = wide && name.startsWith("h.");
    const value = given
      ? tf.tensor(given[`transformer.${name}`], linear ? [shape[1], shape[0]] : shape)
      : start(shape);
    made[name] = tf.variable(given && linear ? value.transpose() : value, true);
  };
  const normal = (shape) => tf.randomNormal(shape, 0, 0.02);
  const norm = (name) => {
    add(`${name}.weight`, [C], tf.ones);
    add(`${name}.bias`, [C], tf.zeros);
  };
  const linear = (name, from, to) => {
    add(`${name}.weight`, [from, to], normal);
    add(`${name}.bias`, [to], tf.zeros);
  };
  add("wte.weight", [V, C], normal);
  add("wpe.weight", [T, C], normal);
  for (let i = 0; i < L; i++) {
    norm(`h.${i}.ln_1`);
    linear(`h.${i}.attn.c_attn`, C, 3 * C);
    linear(`h.${i}.attn.c_proj`, C, C);
    norm(`h.${i}.ln_2`);
    linear(`h.${i}.mlp.c_fc`, C, 4 * C);
    linear(`h.${i}.mlp.c_proj`, 4 * C, C);
  }
  norm("ln_f");
  return made;
}

function layerNorm(x, p, name) {
  const { mean, variance } = tf.moments(x, -1, true);
  const normal = x.sub(mean).mul(variance.add(1e-5).rsqrt());
  return normal.mul(p[`${name}.weight`]).add(p[`${name}.bias`]);
}

function linear(x, p, name) {
  return tf.fused.matMul({ a: x, b: p[`${name}.weight`], bias: p[`${name}.bias`] });
}

function gelu(x) {
  const u = x.mul(x).mul(x).mul(0.044715).add(x).mul(SLOPE);
  return x.mul(0.5).mul(u.tanh().add(1));
}

// Loss of ids and targets, each (B, T); rows of all sequences stand below each other.
function lossOf(p, [V, T, C, H, L, B], mask, ids, targets) {
  const ones = tf.oneHot(ids.flatten(), V).toFloat();
  let x = tf.matMul(ones, p["wte.weight"]).reshape([B, T, C]).add(p["wpe.weight"]);
  x = x.reshape([B * T, C]);
  for (let i = 0; i < L; i++) {
    const qkv = linear(layerNorm(x, p, `h.${i}.ln_1`), p, `h.${i}.attn.c_attn`);
    const heads = qkv.reshape([B, T, 3, H, C / H]).transpose([2, 0, 3, 1, 4]);
    const [q, k, v] = tf.unstack(heads, 0);
    const scores = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(C / H)).add(mask);
    const y = tf.matMul(tf.softmax(scores), v).transpose([0, 2, 1, 3]).reshape([B * T, C]);
    x = x.add(linear(y, p, `h.${i}.attn.c_proj`));
    const h = gelu(linear(layerNorm(x, p, `h.${i}.ln_2`), p, `h.${i}.mlp.c_fc`));
    x = x.add(linear(h, p, `h.${i}.mlp.c_proj`));
  }
  const logits = tf.matMul(layerNorm(x, p, "ln_f"), p["wte.weight"], false, true);
  return tf.losses.softmaxCrossEntropy(tf.oneHot(targets.flatten(), V), logits);
}

const matrix = (rows) => tf.tensor2d(rows, undefined, "int32");

// A function that does one step as the engine's trainer does: clipping, AdamW, the loss read back.
function training(sizes, given) {
  const [V, T, C, , L] = sizes;
  const p = parameters(V, T, C, L, given);
  const variables = Object.values(p);
  const mask = tf.linalg.bandPart(tf.ones([T, T]), -1, 0).sub(1).mul(1e9);
  const adam = tf.train.adam(1e-3, 0.9, 0.99, 1e-8);
  return (ids, targets, lr) =>
    tf.tidy(() => {
      const run = () => lossOf(p, sizes, mask, matrix(ids), matrix(targets));
      const { value, grads } = tf.variableGrads(run, variables);
      const norm = Math.sqrt(tf.addN(Object.values(grads).map((g) => g.square().sum())).dataSync()[0]);
      const scale = 1 / (norm + 1e-6);
      if (scale < 1) for (const name of Object.keys(grads)) grads[name] = grads[name].mul(scale);
      for (const each of variables) if (each.rank === 2) each.assign(each.mul(1 - lr * 0.1));
      adam.learningRate = lr;
      adam.applyGradients(grads);
      return value.dataSync()[0];
    });
}

const integers = (rows, columns, below) =>
  Array.from({ length: rows }, () => Int32Array.from({ length: columns }, () => Math.random() * below));

const runs = {};

// Tokens a second of a few steps.
function speed(sizes, seconds = 0.7) {
  const [V, T, , , , B] = sizes;
  const step = (runs[sizes] ??= training(sizes));
  const once = () => step(integers(B, T, V), integers(B, T, V), 1e-3);
  once();
  const begun = performance.now();
  let steps = 0;
  while (steps < 2 || performance.now() - begun < seconds * 1e3) {
    once();
    steps++;
  }
  return (steps * B * T * 1e3) / (performance.now() - begun);
}

// Losses of given batches from given weights: whether it computes what the engine computes.
function losses(sizes, weights, batches) {
  const step = training(sizes, weights);
  return batches.map(([ids, targets, lr]) => step(ids, targets, lr));
}
