//! `bench photo [--file F]`: a photo through the whole pipeline, beside npm sharp (warm, two
//! variants, the faster counts) and vipsthumbnail (a process for each file, as it comes), which
//! make the same two files. All take turns within one run, on the same file.
//!
//! Quality is judged by sharp: PSNR of each result against its own lossless downscale of the whole
//! decoded photo.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, bail, ensure};
use client::photo::prepare;
use serde_json::{Value, json};

const SHARP: &str = "sharp@0.35.5";
const ROUNDS: usize = 15;
const DIR: &str = "target/bench";
/// An EXIF segment that says: turn it clockwise.
const ORIENTATION_6: &[u8] =
    b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
const TOOLS: &str = "target/tools/sharp";

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => compare(None),
        ["--file", file] => compare(Some(PathBuf::from(file))),
        ["--peak", file] => peak_of_one(Path::new(file)),
        _ => bail!("usage: bench photo [--file F]"),
    }
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn compare(file: Option<PathBuf>) -> anyhow::Result<()> {
    fs::create_dir_all(DIR)?;
    let mut sharp = Sharp::start()?;
    let file = match file {
        Some(file) => file,
        None => sharp.make_photo()?,
    };
    let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    sharp.ask(&json!({"do": "load", "file": file}))?;

    let [mut ours, mut cloned, mut chained, mut vips] = [const { Vec::new() }; 4];
    for round in 0..=ROUNDS {
        let figures = [
            time(|| Ok(prepare(&bytes).map(|_prepared| ())?))?,
            sharp
                .ask(&json!({"do": "cloned"}))?
                .as_f64()
                .context("no time")?,
            sharp
                .ask(&json!({"do": "chained"}))?
                .as_f64()
                .context("no time")?,
            time(|| vipsthumbnail(&file))?,
        ];
        if round == 0 {
            continue; // everyone warms up
        }
        for (series, ms) in [&mut ours, &mut cloned, &mut chained, &mut vips]
            .into_iter()
            .zip(figures)
        {
            series.push(ms);
        }
    }
    let [photo_ms, cloned_ms, chained_ms, vips_ms] = [ours, cloned, chained, vips].map(median);
    let sharp_ms = cloned_ms.min(chained_ms);

    let prepared = prepare(&bytes)?;
    fs::write(format!("{DIR}/ours.jpg"), &prepared.photo.bytes)?;
    fs::write(format!("{DIR}/ours-thumb.jpg"), &prepared.thumb.bytes)?;
    let quality = sharp.ask(&json!({"do": "quality", "dir": DIR}))?;
    let peak_mb = peak_in_a_process_of_its_own(&file)?;
    let ratio = photo_ms / sharp_ms.min(vips_ms);

    println!(
        "{}: {} bytes, median of {ROUNDS} rounds taken in turns",
        file.display(),
        bytes.len()
    );
    println!("  ours             {photo_ms:7.1} ms   peak {peak_mb:.1} MB");
    println!("  sharp, one input {cloned_ms:7.1} ms");
    println!("  sharp, in chain  {chained_ms:7.1} ms");
    println!("  vipsthumbnail    {vips_ms:7.1} ms   two processes");
    println!("  PSNR and bytes   {quality}");
    let mut line = json!({
        "photo_ms": round(photo_ms), "sharp_ms": round(sharp_ms), "vips_ms": round(vips_ms),
        "ratio": round(ratio), "peak_mb": round(peak_mb),
    });
    if let (Some(line), Some(quality)) = (line.as_object_mut(), quality.as_object()) {
        line.extend(quality.clone());
    }
    println!("{line}");
    Ok(())
}

/// The two files by vipsthumbnail: the small one from the large one, which is its fastest way.
fn vipsthumbnail(file: &Path) -> anyhow::Result<()> {
    let here = std::env::current_dir()?.join(DIR);
    let (photo, thumb) = (here.join("vips.jpg"), here.join("vips-thumb.jpg"));
    for (from, side, to) in [(file, "1920x1920>", &photo), (&photo, "256x256>", &thumb)] {
        let status = Command::new("vipsthumbnail")
            .arg(from)
            .args(["--size", side, "-o"])
            .arg(format!("{}[Q=82,strip]", to.display()))
            .status()
            .context("vipsthumbnail is missing: apt-get install libvips-tools")?;
        ensure!(status.success(), "vipsthumbnail failed");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer to the process that asked")]
fn peak_of_one(file: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(file)?;
    let prepared = prepare(&bytes)?;
    ensure!(!prepared.photo.bytes.is_empty() && !prepared.thumb.bytes.is_empty());
    let status = fs::read_to_string("/proc/self/status").context("peak memory needs Linux")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("no VmHWM")?;
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}

/// The most memory a process has held that does nothing but prepare this photo: all of it counts,
/// the program and the file too.
fn peak_in_a_process_of_its_own(file: &Path) -> anyhow::Result<f64> {
    let child = Command::new(std::env::current_exe()?)
        .args(["photo", "--peak"])
        .arg(file)
        .output()?;
    ensure!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stderr)
    );
    let kilobytes: f64 = String::from_utf8(child.stdout)?.trim().parse()?;
    Ok(kilobytes / 1024.0)
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
fn time(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1000.0)
}

fn median(mut series: Vec<f64>) -> f64 {
    series.sort_by(f64::total_cmp);
    series.get(series.len() / 2).copied().unwrap_or(f64::NAN)
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A node process with sharp loaded; a line of JSON asks, a line of JSON answers. It measures its
/// own work, so talking to it costs sharp nothing.
struct Sharp {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Sharp {
    fn start() -> anyhow::Result<Self> {
        let root = std::env::current_dir()?;
        if !root.join(TOOLS).join("node_modules/sharp").is_dir() {
            let status = Command::new("npm")
                .args([
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--prefix",
                    TOOLS,
                    SHARP,
                ])
                .stdout(Stdio::null())
                .status()
                .context("npm is missing: apt-get install npm")?;
            ensure!(status.success(), "npm could not install {SHARP}");
        }
        let mut process = Command::new("node")
            .args(["-e", include_str!("sharp.js")])
            .env("NODE_PATH", root.join(TOOLS).join("node_modules"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node is missing: apt-get install nodejs")?;
        let to = process.stdin.take().context("no way to node")?;
        let from = BufReader::new(process.stdout.take().context("no way from node")?);
        Ok(Self { process, to, from })
    }

    fn ask(&mut self, question: &Value) -> anyhow::Result<Value> {
        writeln!(self.to, "{question}")?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        let answer: Value = serde_json::from_str(&answer).context("sharp gave no answer")?;
        match answer.get("error") {
            Some(error) => bail!("sharp: {error}"),
            None => Ok(answer),
        }
    }

    /// A 12-megapixel photo as phones write them: detail at every scale, sensor noise, quality 92,
    /// held upright (orientation 6).
    fn make_photo(&mut self) -> anyhow::Result<PathBuf> {
        let (raw, file) = (
            Path::new(DIR).join("photo.raw"),
            Path::new(DIR).join("photo.jpg"),
        );
        if !file.is_file() {
            fs::write(&raw, scene::pixels())?;
            let (width, height) = (scene::WIDTH, scene::HEIGHT);
            self.ask(
                &json!({"do": "make", "raw": raw, "width": width, "height": height, "file": file}),
            )?;
            fs::remove_file(&raw)?;
            // By hand, after the first marker: sharp would add a colour profile, and then lose
            // time converting it.
            let jpeg = fs::read(&file)?;
            let (start, rest) = jpeg.split_at_checked(2).context("sharp made no photo")?;
            fs::write(&file, [start, ORIENTATION_6, rest].concat())?;
        }
        Ok(file)
    }
}

impl Drop for Sharp {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The invented scene: a tiled front with smooth light, texture and noise.
mod scene {
    pub(super) const WIDTH: u32 = 4000;
    pub(super) const HEIGHT: u32 = 3000;

    pub(super) fn pixels() -> Vec<u8> {
        (0..HEIGHT)
            .flat_map(|y| (0..WIDTH).flat_map(move |x| pixel(x, y)))
            .collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0..=255"
    )]
    fn pixel(x: u32, y: u32) -> [u8; 3] {
        let (across, down) = (f64::from(x), f64::from(y));
        let mut texture = 0.0;
        let (mut strength, mut scale) = (0.5, 1.0 / 400.0);
        for octave in 0..7 {
            texture += strength * smooth(across * scale, down * scale, octave);
            (strength, scale) = (strength * 0.55, scale * 2.1);
        }
        let mortar = x % 160 < 4 || y % 120 < 4;
        let dark = (x / 160 + y / 120).is_multiple_of(2);
        let tile = if mortar {
            60.0
        } else if dark {
            115.0
        } else {
            150.0
        };
        let light = tile + (texture - 0.55) * 140.0;
        let warm = (smooth(across / 300.0, down / 300.0, 20) - 0.5) * 80.0;
        let cold = (smooth(across / 260.0, down / 340.0, 21) - 0.5) * 80.0;
        let mut seed = 30;
        [warm, -(warm + cold) / 3.0, cold].map(|tint| {
            seed += 1;
            let noise = grain(x, y, seed) + grain(x, y, seed + 10) + grain(x, y, seed + 20) - 1.5;
            (light + tint + 15.0 * noise).clamp(0.0, 255.0) as u8
        })
    }

    /// Noise that changes smoothly from one whole number to the next, between 0 and 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "places are small"
    )]
    fn smooth(x: f64, y: f64, seed: u32) -> f64 {
        let ease = |part: f64| part * part * (3.0 - 2.0 * part);
        let (across, down) = (ease(x.fract()), ease(y.fract()));
        let (x, y) = (x as u32, y as u32);
        let mix = |from: f64, to: f64, share: f64| from + (to - from) * share;
        let top = mix(grain(x, y, seed), grain(x + 1, y, seed), across);
        let bottom = mix(grain(x, y + 1, seed), grain(x + 1, y + 1, seed), across);
        mix(top, bottom, down)
    }

    fn grain(x: u32, y: u32, seed: u32) -> f64 {
        let mut hash = x.wrapping_mul(0x9E37_79B1)
            ^ y.wrapping_mul(0x85EB_CA77)
            ^ seed.wrapping_mul(0xC2B2_AE3D);
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
        hash = (hash ^ (hash >> 12)).wrapping_mul(0x297A_2D39);
        f64::from((hash ^ (hash >> 15)) & 0xFFFF) / 65_535.0
    }
}
