// The other side of photo.rs: a line of JSON asks, a line of JSON answers.
const sharp = require('sharp');
const fs = require('fs');
const readline = require('readline');

const PHOTO = { width: 1920, height: 1920, fit: 'inside', withoutEnlargement: true };
const THUMB = { width: 256, height: 256, fit: 'inside', withoutEnlargement: true };
// Without optimised Huffman tables, as ours: sharp is faster that way.
const JPEG = { quality: 82, chromaSubsampling: '4:2:0', optimiseCoding: false };

let bytes;
let made;

// Both files from the camera's, at the same time on sharp's threads.
async function cloned() {
  const input = sharp(bytes).rotate();
  return Promise.all([
    input.clone().resize(PHOTO).jpeg(JPEG).toBuffer(),
    input.clone().resize(THUMB).jpeg(JPEG).toBuffer(),
  ]);
}

// The thumbnail from the photo.
async function chained() {
  const photo = await sharp(bytes).rotate().resize(PHOTO).jpeg(JPEG).toBuffer();
  return [photo, await sharp(photo).resize(THUMB).jpeg(JPEG).toBuffer()];
}

async function timed(work) {
  const start = performance.now();
  made = await work();
  return performance.now() - start;
}

const pixels = (file) => sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });

// Peak signal to noise in dB against a downscale of all pixels that never was a JPEG again.
async function psnr(file, lossless) {
  const { data, info } = await pixels(file);
  const reference = await lossless(info);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] - reference[i]) ** 2;
  return Math.round(1000 * Math.log10((255 * 255 * data.length) / sum)) / 100;
}

async function quality(dir) {
  fs.writeFileSync(`${dir}/sharp.jpg`, made[0]);
  fs.writeFileSync(`${dir}/sharp-thumb.jpg`, made[1]);
  const lossless = ({ width, height }) =>
    sharp(bytes).rotate().resize({ width, height, fit: 'fill', fastShrinkOnLoad: false })
      .removeAlpha().toColourspace('srgb').raw().toBuffer();
  const report = {};
  for (const whose of ['ours', 'sharp', 'vips']) {
    for (const [name, suffix] of [['', ''], ['thumb_', '-thumb']]) {
      const file = `${dir}/${whose}${suffix}.jpg`;
      report[`${whose}_${name}db`] = await psnr(file, lossless);
      report[`${whose}_${name}bytes`] = fs.statSync(file).size;
    }
  }
  return report;
}

async function answer(question) {
  switch (question.do) {
    case 'load': bytes = fs.readFileSync(question.file); return {};
    case 'cloned': return timed(cloned);
    case 'chained': return timed(chained);
    case 'quality': return quality(question.dir);
    case 'make': {
      const raw = { width: question.width, height: question.height, channels: 3 };
      await sharp(fs.readFileSync(question.raw), { raw })
        .jpeg({ quality: 92, chromaSubsampling: '4:2:0' })
        .toFile(question.file);
      return {};
    }
    default: return { error: 'no such question' };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let reply;
    try { reply = await answer(JSON.parse(line)); } catch (error) { reply = { error: String(error) }; }
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
})();
