//! Photos for stories: drawn by `ImageMagick`, so that nobody's street is in them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use scenarios::workbook::{Rows, workbook};

/// Writes a form's workbook, of a survey and its settings.
pub(crate) fn form(to: &Path, survey: Rows<'_>, settings: Rows<'_>) -> Result<()> {
    let sheets = [("survey", survey), ("settings", settings)];
    std::fs::write(to, workbook(&sheets)?)?;
    Ok(())
}

/// Draws a 12-megapixel JPEG of a street with rubbish bags (or a pothole), as a camera would hold
/// it, and gives its path.
pub(crate) fn street(folder: &Path, name: &str, scene: Scene) -> Result<PathBuf> {
    let file = folder.join(format!("{name}.jpg"));
    let thing = match scene {
        Scene::Rubbish => {
            "fill #2b2b2f ellipse 700,900 150,120 0,360 fill #3a3a40 ellipse 860,930 130,100 0,360 \
             fill #1f5f8a ellipse 780,980 140,90 0,360 fill #d9d3c4 rectangle 560,960 660,1020 \
             fill #b8452f rectangle 930,990 1010,1030"
        }
        Scene::Pothole => {
            "fill #3b3a38 ellipse 800,980 260,80 0,360 fill #242321 ellipse 810,990 200,55 0,360 \
             fill #6d6a64 ellipse 600,1040 40,14 0,360 fill #6d6a64 ellipse 1040,930 30,10 0,360"
        }
        Scene::Clean => "fill #8d8a83 rectangle 0,1010 1600,1014",
    };
    let draw = format!(
        "fill #c9b79c rectangle 0,250 520,760 fill #b9a588 rectangle 520,330 1000,760 \
         fill #d3c6b0 rectangle 1000,210 1600,760 \
         fill #6f8796 rectangle 80,330 200,470 rectangle 300,330 420,470 rectangle 600,400 700,520 \
         rectangle 800,400 900,520 rectangle 1100,300 1240,440 rectangle 1340,300 1480,440 \
         fill #8c5a3c rectangle 230,600 330,760 rectangle 720,610 800,760 \
         fill #5b8a4a ellipse 1050,690 90,110 0,360 fill #4a3a2a rectangle 1035,740 1065,830 \
         fill #9a978f rectangle 0,760 1600,850 fill #77746e rectangle 0,850 1600,1200 \
         fill #e8e4d8 rectangle 100,1100 400,1112 rectangle 600,1100 900,1112 rectangle 1100,1100 1400,1112 \
         {thing}"
    );
    let status = Command::new("convert")
        .args([
            "-seed",
            "7",
            "-size",
            "1600x1200",
            "gradient:#9cc3e0-#e9f1f5",
            "-draw",
        ])
        .arg(draw)
        .args([
            "-resize",
            "4000x3000",
            "-attenuate",
            "0.25",
            "+noise",
            "Gaussian",
            "-quality",
            "92",
        ])
        .arg(&file)
        .status()
        .context("ImageMagick's convert")?;
    ensure!(
        status.success(),
        "convert could not draw {}",
        file.display()
    );
    Ok(file)
}

/// What people pick that is no photo, or no longer one, and the word `photo_error.…` for it. All
/// have a photo's name: people rename files, and phones name what they like.
pub(crate) fn no_photos(folder: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let street = std::fs::read(street(folder, "whole", Scene::Clean)?)?;
    let half = street.split_at(street.len() / 2).0.to_vec();
    // Only the header says so: 20,000 × 10,000.
    let huge = [
        b"\xFF\xD8\xFF\xC0\0\x11\x08".as_slice(),
        &10_000_u16.to_be_bytes(),
        &20_000_u16.to_be_bytes(),
        b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01",
        b"\xFF\xDA\0\x0C\x03\x01\0\x02\x11\x03\x11\0\x3F\0",
        &[0; 64],
    ]
    .concat();
    let files = [
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
        ("truncated", half),
        ("too_many_pixels", huge),
        ("empty", Vec::new()),
        ("not_an_image", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec()),
    ];
    files
        .into_iter()
        .map(|(word, bytes)| {
            let file = folder.join(format!("{word}.jpg"));
            std::fs::write(&file, bytes)?;
            Ok((word, file))
        })
        .collect()
}

/// What a drawn street shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scene {
    /// Bags of rubbish.
    Rubbish,
    /// A hole in the road.
    Pothole,
    /// Nothing: after cleaning.
    Clean,
}

/// A photo of a street with this code hung in it, a little askew. The code is a path of squares, so many
/// of them wide, as a printed sheet has it.
pub(crate) fn plate(folder: &Path, name: &str, path: &str, squares: u32) -> Result<PathBuf> {
    const SQUARE: u32 = 24;
    let wall = street(folder, "wall", Scene::Clean)?;
    let file = folder.join(format!("{name}.jpg"));
    let side = squares * SQUARE;
    let status = Command::new("convert")
        .arg(&wall)
        .arg("(")
        .args(["-size", &format!("{side}x{side}"), "xc:#f4f1ea"])
        .args(["-fill", "#1c1c20", "-draw"])
        .arg(format!("scale {SQUARE},{SQUARE} path '{path}'"))
        .args(["-background", "#c9b79c", "-rotate", "6"])
        .arg(")")
        .args(["-geometry", "+700+900", "-composite"])
        .args(["-blur", "0x3", "-quality", "88"])
        .arg(&file)
        .status()
        .context("ImageMagick's convert")?;
    ensure!(
        status.success(),
        "convert could not draw {}",
        file.display()
    );
    Ok(file)
}
